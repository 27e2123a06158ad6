import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ListedNumber } from '../client/index';
import { addFilterOptions, numbersOf, takeFilter } from './filter-options';
import { note, orDash, print, printJson, printTable, time } from './print';
import { jsonOption, withPool } from './with-pool';

type Column = keyof typeof columns;

interface Options extends Record<string, unknown> {
  columns: Column[];
  sort?: { column: Column; down: boolean };
  csv?: true;
  json?: true;
}

const problemOf = ({ problem, unreadable }: ListedNumber) =>
  unreadable === null ? problem : `Unreadable: key ${unreadable}`;

const e164 = (digits: string | null) => `+${String(digits)}`;

/** What can be shown of a number, by the names that --columns and --sort take. */
const columns = {
  number: { head: 'Number', value: ({ phoneNumber }: ListedNumber) => phoneNumber, show: e164 },
  state: { head: 'State', value: ({ state }: ListedNumber) => state },
  country: { head: 'Country', value: ({ country }: ListedNumber) => country },
  verified: {
    head: 'Verified until',
    value: ({ verificationExpiresAt }: ListedNumber) => verificationExpiresAt,
    show: time,
  },
  deadline: { head: 'Next deadline', value: ({ nextDeadline }: ListedNumber) => nextDeadline, show: time },
  waba: { head: 'WABA', value: ({ wabaId }: ListedNumber) => wabaId },
  customer: { head: 'Customer', value: ({ customerId }: ListedNumber) => customerId },
  problem: { head: 'Problem', value: problemOf },
  person: { head: 'For a person', value: ({ needsPerson }: ListedNumber) => needsPerson },
  portfolio: { head: 'Portfolio', value: ({ portfolioId }: ListedNumber) => portfolioId },
} satisfies Record<
  string,
  {
    head: string;
    value: (number: ListedNumber) => string | null;
    show?: (value: string | null) => string;
  }
>;
const names = Object.keys(columns) as Column[];
const usual: Column[] = ['number', 'state', 'country', 'verified', 'deadline', 'waba', 'customer', 'problem'];

export function registerList(program: Command): void {
  const command = program
    .command('list')
    .description('the numbers of the pool, as Temporal knows them without asking each');
  addFilterOptions(command)
    .addOption(
      new Option('--columns <names>', `which, with commas between them: ${names.join(', ')}`)
        .argParser((text) => text.split(',').map(column))
        .default(usual, usual.join()),
    )
    .addOption(
      new Option(
        '--sort <column>',
        'by this column, with - before it downwards; newest first by default',
      ).argParser((text) => ({ column: column(text.replace(/^-/, '')), down: text.startsWith('-') })),
    )
    .addOption(new Option('--csv', 'as CSV, for spreadsheets').conflicts('json'))
    .addOption(jsonOption())
    .action(list);
}

async function list({ json, csv, columns: chosen, sort, ...rest }: Options): Promise<void> {
  const filter = takeFilter(rest) ?? {};
  const found = await withPool('preverified list', (pool) => numbersOf(pool, filter));
  const numbers = sort ? sorted(found, sort) : found;
  if (json) printJson(numbers);
  else if (csv) {
    const { stringify } = await import('csv-stringify/sync');
    const rows = numbers.map((number) => chosen.map((name) => columns[name].value(number) ?? ''));
    print(stringify([chosen, ...rows], { escape_formulas: true }).trimEnd());
  } else if (numbers.length === 0) print('no such number');
  else {
    printTable(
      chosen.map((name) => columns[name].head),
      numbers.map((number) => chosen.map((name) => cell(name, number))),
    );
  }
  const unreadable = numbers.filter((number) => number.unreadable !== null);
  if (unreadable.length > 0) {
    note(
      `${String(unreadable.length)} of ${String(numbers.length)} cannot be read with PAYLOAD_KEYS of this shell; "preverified keys" says which keys the pool has`,
    );
  }
}

function cell(name: Column, number: ListedNumber): string {
  const { value, show = orDash }: { value: typeof problemOf; show?: typeof orDash } = columns[name];
  return show(value(number));
}

function sorted(
  numbers: ListedNumber[],
  { column: name, down }: NonNullable<Options['sort']>,
): ListedNumber[] {
  const { value } = columns[name];
  const order = (one: ListedNumber, other: ListedNumber) => {
    const [left, right] = [value(one), value(other)];
    // What has no value stands last in either direction.
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return (left < right ? -1 : Number(left > right)) * (down ? -1 : 1);
  };
  return numbers.toSorted(order);
}

function column(text: string): Column {
  const name = text.trim();
  if (names.includes(name as Column)) return name as Column;
  throw new InvalidArgumentError(
    `There is no column ${JSON.stringify(name)}; there are ${names.join(', ')}.`,
  );
}
