import { Option, type Command } from 'commander';
import type { MessageName, NumberRecord } from '../client/index';
import { takeFilter } from './filter-options';
import { addManyOptions, sendMany, type Many } from './many';
import { fromInput } from './input';
import { noteNoWorker } from './no-worker';
import { note, print, printJson, time } from './print';
import { problemText, whatWasDone, where } from './sentences';
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
  /** It makes sense for many numbers at once. */
  many?: true;
}

const customerId = new Option('--customer-id <id>', 'the customer, by your own ID');

const commands: MessageCommand[] = [
  {
    command: 'request-code <number>',
    message: 'requestCode',
    many: true,
    description: 'ask Meta to send a one-time code to the number',
    options: [
      new Option('--method <method>', 'how it is to be sent').choices(['SMS', 'VOICE']),
      new Option('--language <code>', 'such as en_US'),
    ],
  },
  {
    command: 'code <number> [code]',
    message: 'submitCode',
    description: 'hand in the code that the number received, or the whole message',
    options: [
      new Option('--from-simulator', "read it from the newest message at the simulator's, on SIMULATOR_PORT"),
    ],
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
    many: true,
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
    many: true,
    description: 'register the claimed number for Cloud API',
    options: [
      new Option('--pin <pin>', 'six digits, "-" to read them from standard input; one is made if left out'),
      new Option('--data-localization-region <code>', 'such as DE'),
    ],
  },
  {
    command: 'share <number> <partnerBusinessId>',
    message: 'share',
    many: true,
    description: 'let a partner offer the number',
  },
  {
    command: 'unshare <number> <partnerBusinessId>',
    message: 'unshare',
    many: true,
    description: 'stop sharing the number with a partner',
  },
  {
    command: 'remove <number>',
    message: 'remove',
    many: true,
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
    many: true,
    description: 'read the status again at Meta and go by it',
  },
];

export function registerMessages(program: Command): void {
  for (const { command: usage, message, description, options = [], many = false } of commands) {
    // Where a filter names the numbers, what comes first is the next argument: `send` says which one is missing.
    const command = program
      .command(many ? usage.replace(/<(\w+)>/g, '[$1]') : usage)
      .description(many ? `${description}; or all that a filter admits` : description)
      .addOption(byOption())
      .addOption(inClearOption())
      .addOption(new Option('--signal', 'do not wait for the answer'))
      .addOption(jsonOption());
    for (const option of options) command.addOption(option);
    if (many) {
      const [, ...names] = usage.replace('<number>', '[number]').split(' ');
      addManyOptions(command);
      command.usage(['[options]', ...names].join(' '));
    }
    command.action(() => send(message, command, many));
  }
}

async function send(name: MessageName, command: Command, many: boolean): Promise<void> {
  const { signal, json, inClear = false, ...fields } = command.opts<Record<string, string> & Flags>();
  const { yes = false, concurrency = 1, ...payload }: Record<string, unknown> & Many = { ...fields };
  const filter = takeFilter(payload);
  const names = command.registeredArguments.map((argument) => argument.name());
  const given = filter ? [undefined, ...command.args] : [...command.args];
  if (payload['fromSimulator']) {
    delete payload['fromSimulator'];
    if (given[1] !== undefined) tooMany(command, 'a code, or --from-simulator');
    given[1] = await newestMessage(String(given[0]));
  }
  for (const [index, field] of names.entries()) {
    if (index === 0 && filter) continue;
    const value = given[index];
    if (value === undefined) missing(command, field, index === 0 && many);
    if (index > 0) payload[field] = value;
  }
  if (given.length > names.length) tooMany(command, 'a number, or a filter');
  if (typeof payload['pin'] === 'string') payload['pin'] = fromInput(payload['pin']);
  await withPool(
    fields['by'] ?? '',
    async (pool) => {
      await pool.checkKeys();
      const sendOne = async (number: string): Promise<NumberRecord | undefined> => {
        if (!signal) return pool[name](number, payload as never);
        await pool.signal[name](number, payload as never);
        return undefined;
      };
      if (filter) {
        const { by: _, pin: __, ...shown } = payload;
        await sendMany(pool, filter, { name, shown, sendOne, yes, concurrency, json: json === true });
      } else tell(name, String(given[0]), await sendOne(String(given[0])), json === true);
      if (signal) await noteNoWorker(pool);
    },
    { inClear },
  );
}

/** What the telephone of a number received last, on a laptop; waits for one that is under way. */
async function newestMessage(number: string): Promise<string> {
  const [{ SimulatorClient }, { readSettings }] = await Promise.all([
    import('../simulator/client'),
    import('../settings'),
  ]);
  const { simulator } = readSettings(['simulator']);
  const client = new SimulatorClient(`http://127.0.0.1:${String(simulator.port)}`);
  const digits = number.replace(/\D/g, '');
  const newest = (await client.messagesTo(digits)).at(-1);
  if (newest) return newest.text;
  note(
    `No message has come to ${number} at the simulator on port ${String(simulator.port)} yet: waiting for one.`,
  );
  return client.nextMessage(digits);
}

function tell(name: MessageName, number: string, record: NumberRecord | undefined, json: boolean): void {
  if (json) printJson(record ?? { sent: name });
  else if (record === undefined)
    print(`${name} was sent to ${number}; "preverified show" tells what became of it`);
  else if ('code' in record) print(String(record.code));
  else print(summary(name, record));
}

function summary(name: MessageName, record: NumberRecord): string {
  const { nextDeadline, reservation, problem } = record;
  return [
    `+${record.phoneNumber} is ${where(record)}`,
    reservation && `, reserved for ${reservation.customerId} until ${time(reservation.until)}`,
    nextDeadline && `; ${time(nextDeadline.at)}: ${nextDeadline.what}`,
    `. ${whatWasDone(name, record)}`,
    problem && `\n${problemText(problem)}`,
  ]
    .filter(Boolean)
    .join('');
}

/** As commander says it of an argument that is not optional. */
const missing = (command: Command, name: string, orFilter: boolean): never =>
  command.error(
    `error: missing required argument '${name}'${orFilter ? ', or a filter such as --state' : ''}`,
    { code: 'commander.missingArgument' },
  );

const tooMany = (command: Command, eitherOr: string): never =>
  command.error(`error: too many arguments: name ${eitherOr}, and not both`, {
    code: 'commander.excessArguments',
  });
