import { Option, type Command } from 'commander';
import type { ListedNumber, NumberFilter } from '../client/index';
import { numberStates } from '../contract/number-record';
import { orDash, print, printJson, printTable, time } from './print';
import { jsonOption, withPool } from './with-pool';

interface Options extends Record<string, unknown> {
  state?: NumberFilter['state'];
  expiring?: string;
  problem?: string | true;
  json?: boolean;
}

export function registerList(program: Command): void {
  program
    .command('list')
    .description('the numbers of the pool, as Temporal knows them without asking each')
    .addOption(new Option('--state <state...>', 'only in one of these').choices(numberStates))
    .option('--expiring <time>', 'only verified ones whose verification ends within it, such as 10d')
    .option('--waba <id>', 'only claimed by this WhatsApp Business Account')
    .option('--customer <id>', 'only claimed by or reserved for this customer')
    .option('--country <code>', 'only of this country, such as DE')
    .option('--problem [code]', 'only with a problem, or with this one')
    .option('--partner <id>', 'only shared with this partner, by its business ID')
    .option('--portfolio <id>', 'only of this business portfolio')
    .addOption(jsonOption())
    .action(async ({ expiring, json, ...filter }: Options) => {
      const numbers = await list({ ...filter, ...(expiring !== undefined && { expiringWithin: expiring }) });
      if (json) printJson(numbers);
      else if (numbers.length === 0) print('no such number');
      else printTable(head, numbers.map(row));
    });
}

async function list(filter: NumberFilter): Promise<ListedNumber[]> {
  return withPool('preverified list', async (pool) => {
    const numbers: ListedNumber[] = [];
    for await (const number of pool.list(filter)) numbers.push(number);
    return numbers;
  });
}

const head = ['Number', 'State', 'Country', 'Verified until', 'Next deadline', 'WABA', 'Customer', 'Problem'];

const row = (number: ListedNumber) => [
  `+${number.phoneNumber}`,
  number.state,
  orDash(number.country),
  time(number.verificationExpiresAt),
  time(number.nextDeadline),
  orDash(number.wabaId),
  orDash(number.customerId),
  number.unreadable === null ? orDash(number.problem) : `Unreadable: key ${number.unreadable}`,
];
