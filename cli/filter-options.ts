import { InvalidArgumentError, Option, type Command } from 'commander';
import pLimit from 'p-limit';
import type { ListedNumber, NumberFilter, NumberPool } from '../client/index';
import { numberStates } from '../contract/number-record';
import { span } from './span';

/** Which numbers: the same words for every command that takes many. */
export interface FilterOptions {
  state?: NumberFilter['state'];
  /** Milliseconds. */
  expiring?: number;
  olderThan?: number;
  waba?: string;
  customer?: string;
  country?: string;
  problem?: string | true;
  needsPerson?: true;
  free?: true;
  partner?: string;
  portfolio?: string;
}

const options = () => [
  new Option('--state <state...>', 'only in one of these').choices(numberStates),
  new Option('--older-than <time>', 'only in their state for longer than this, such as 1h').argParser(span),
  new Option(
    '--expiring <time>',
    'only verified ones whose verification ends within it, such as 10d',
  ).argParser(span),
  new Option('--waba <id>', 'only claimed by this WhatsApp Business Account').argParser(metaId),
  new Option('--customer <id>', 'only claimed by or reserved for this customer'),
  new Option('--country <code>', 'only of this country, such as DE').argParser(country),
  new Option('--problem [code]', 'only with a problem, or with this one'),
  new Option('--needs-person', 'only with a problem that a person must solve'),
  new Option(
    '--free',
    'only verified ones that are neither claimed nor reserved; one with a reported claim is among them, and refuses to be reserved',
  ),
  new Option('--partner <id>', 'only shared with this partner, by its business ID').argParser(metaId),
  new Option(
    '--portfolio <id>',
    'only of this business portfolio; what changes numbers goes by PORTFOLIO_ID by default',
  ).argParser(metaId),
];

/** What would match nothing is refused before anything is read, in the words of the option. */
function country(text: string): string {
  if (/^[a-z]{2}$/i.test(text)) return text.toUpperCase();
  throw new InvalidArgumentError('It must be two letters, such as DE.');
}

function metaId(text: string): string {
  if (/^\d{1,32}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 32 digits.');
}

const names = options().map((option) => option.attributeName());

export function addFilterOptions(command: Command): Command {
  for (const option of options()) command.addOption(option);
  return command;
}

/** Takes the filter out of a command's options; `null` where none of it was given. */
export function takeFilter(given: Record<string, unknown>): FilterOptions | null {
  const entries = names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const]));
  for (const name of names) Reflect.deleteProperty(given, name);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** The numbers that a filter admits. How long one is in its state only the number itself knows. */
export async function numbersOf(
  pool: NumberPool,
  { olderThan, expiring, waba, customer, partner, portfolio, ...filter }: FilterOptions,
): Promise<ListedNumber[]> {
  const numbers: ListedNumber[] = [];
  const found = pool.list({
    ...filter,
    ...(waba !== undefined && { wabaId: waba }),
    ...(customer !== undefined && { customerId: customer }),
    ...(partner !== undefined && { partnerBusinessId: partner }),
    ...(portfolio !== undefined && { portfolioId: portfolio }),
    ...(expiring !== undefined && { expiringWithin: `${String(expiring)} ms` }),
  });
  for await (const number of found) numbers.push(number);
  if (olderThan === undefined) return numbers;
  const before = Date.now() - olderThan;
  const limit = pLimit(10);
  const old = await Promise.all(
    numbers.map((number) =>
      limit(async () => {
        if (number.unreadable !== null) return true;
        const { transitions } = await pool.get(number.phoneNumber);
        const since = transitions.at(-1)?.at;
        return Date.parse(since ?? number.startedAt) < before;
      }),
    ),
  );
  return numbers.filter((_, index) => old[index]);
}
