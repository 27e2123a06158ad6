import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import type { MessageName, NumberRecord } from '../client/index';
import { print, printJson, time } from './print';
import { where } from './show';
import { byOption, inClearOption, jsonOption, withPool } from './with-pool';

interface Flags {
  signal?: true;
  json?: true;
  inClear?: boolean;
}

/** A message as a command: its arguments and options are named as the fields of the payload. */
interface MessageCommand {
  command: string;
  message: MessageName;
  description: string;
  options?: Option[];
}

const customerId = new Option('--customer-id <id>', 'the customer, by your own ID');

const commands: MessageCommand[] = [
  {
    command: 'request-code <number>',
    message: 'requestCode',
    description: 'ask Meta to send a one-time code to the number',
    options: [
      new Option('--method <method>', 'how it is to be sent').choices(['SMS', 'VOICE']),
      new Option('--language <code>', 'such as en_US'),
    ],
  },
  {
    command: 'code <number> <code>',
    message: 'submitCode',
    description: 'hand in the code that the number received, or the whole message',
  },
  {
    command: 'reserve <number> <customerId>',
    message: 'reserve',
    description: 'hold the number for one customer',
    options: [new Option('--ttl <time>', 'for how long; 30 minutes by default')],
  },
  {
    command: 'release <number>',
    message: 'release',
    description: 'end the reservation',
    options: [customerId],
  },
  {
    command: 'claim <number> <wabaId>',
    message: 'claim',
    description: 'report that a customer has taken the number into a WhatsApp Business Account',
    options: [
      new Option(
        '--phone-number-id <id>',
        'the business phone number that took its place; looked up if left out',
      ),
      new Option('--business-id <id>', "the customer's business portfolio"),
      customerId,
      new Option('--source <text>', 'where you know it from').default('command line'),
    ],
  },
  {
    command: 'claim-for <number> <wabaId> <verifiedName>',
    message: 'claimFor',
    description: 'claim the number for a customer through the API, under a display name',
    options: [customerId],
  },
  {
    command: 'register <number>',
    message: 'register',
    description: 'register the claimed number for Cloud API',
    options: [
      new Option('--pin <pin>', 'six digits, "-" to read them from standard input; one is made if left out'),
      new Option('--data-localization-region <code>', 'such as DE'),
    ],
  },
  {
    command: 'share <number> <partnerBusinessId>',
    message: 'share',
    description: 'let a partner offer the number',
  },
  {
    command: 'unshare <number> <partnerBusinessId>',
    message: 'unshare',
    description: 'stop sharing the number with a partner',
  },
  {
    command: 'remove <number>',
    message: 'remove',
    description: 'take the number out of the pool',
    options: [new Option('--reason <text>', 'for auditors')],
  },
  {
    command: 'take-code <number>',
    message: 'takeCode',
    description: 'show a code that came though nobody here asked for it, once, for the customer who needs it',
    options: [customerId],
  },
  {
    command: 'refresh <number>',
    message: 'refresh',
    description: 'read the status again at Meta and go by it',
  },
];

export function registerMessages(program: Command): void {
  for (const { command: usage, message, description, options = [] } of commands) {
    const command = program
      .command(usage)
      .description(description)
      .addOption(byOption())
      .addOption(inClearOption())
      .addOption(new Option('--signal', 'do not wait for the answer'))
      .addOption(jsonOption());
    for (const option of options) command.addOption(option);
    command.action(() => send(message, command));
  }
}

async function send(name: MessageName, command: Command): Promise<void> {
  const { signal, json, inClear = false, ...fields } = command.opts<Record<string, string> & Flags>();
  const [number = '', ...rest] = command.args;
  const names = command.registeredArguments.slice(1).map((argument) => argument.name());
  const payload: Record<string, string> = { ...fields };
  for (const [index, field] of names.entries()) payload[field] = rest[index] ?? '';
  if (payload['pin'] === '-') payload['pin'] = readFileSync(0, 'utf8').trim();
  await withPool(
    fields['by'] ?? '',
    async (pool) => {
      if (signal) {
        await pool.signal[name](number, payload as never);
        if (json) printJson({ sent: name });
        else print(`${name} was sent to ${number}; "preverified show" tells what became of it`);
        return;
      }
      const record = await pool[name](number, payload as never);
      if (json) printJson(record);
      else print('code' in record ? String(record.code) : summary(record));
    },
    { inClear },
  );
}

function summary(record: NumberRecord): string {
  const { nextDeadline, reservation, problem } = record;
  return [
    `+${record.phoneNumber} is ${where(record)}`,
    reservation && `, reserved for ${reservation.customerId} until ${time(reservation.until)}`,
    nextDeadline && `; ${time(nextDeadline.at)}: ${nextDeadline.what}`,
    problem && `\n${problem.message} ${problem.whatToDo}`,
  ]
    .filter(Boolean)
    .join('');
}
