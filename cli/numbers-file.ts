import type { AddOptions } from '../client/index';
import { plainText } from '../contract/plain-text';
import { readPhoneNumber } from '../contract/phone-number';
import { findHeader, readLines, readRows } from './table-file';

/** A number to add, and where it was named: `numbers.csv line 7`. */
export interface NamedNumber {
  number: string;
  options: AddOptions;
  from: string | null;
}

export interface NumbersFile {
  numbers: NamedNumber[];
  /** Rows that cannot be read. */
  faults: { from: string; reason: string }[];
  /** Columns that mean nothing here. */
  ignored: string[];
}

/** What a column of numbers is called: here, by carriers, by people. The earlier is the likelier. */
const numberNames = [
  ['phonenumber', 'phonenumbers'],
  ['e164', 'e164number', 'phonenumbere164', 'msisdn', 'whatsappnumber', 'didnumber', 'did', 'ddi', 'tn'],
  ['phone', 'telephonenumber', 'telephone', 'tel', 'mobilenumber', 'mobile', 'cell', 'phoneno', 'mobileno'],
  ['telefonnummer', 'rufnummer', 'telefon', 'telefono', 'telefone', 'numerodetelefono', 'numerodetelephone'],
  ['number', 'numbers', 'numero', 'nummer'],
];

const optionNames = { codemethod: 'codeMethod', language: 'language', portfolioid: 'portfolioId' } as const;

/**
 * Reads a table with a header, as spreadsheets and carriers export them: a column `phone_number`, or what carriers call it,
 * and if wanted `code_method`, `language`, `portfolio_id`. A bad row keeps no other from being read.
 *
 * @throws Error where the file as a whole is of no use
 */
export function readNumbersFile(file: string): NumbersFile {
  const lines = readLines(file);
  const isNumber = (name: string) => rankOf(name) >= 0;
  const header = findHeader(lines, (cells) => cells.some(isNumber));
  if (!header) {
    const what = lines.every((line) => line.trim() === '') ? 'is empty' : 'has no column phone_number';
    throw new Error(`${file} ${what}: its first line must name the columns, one of them phone_number`);
  }
  const names = withoutEmptyEnd(header.cells, 0);
  const candidates = names.flatMap((name, index) => (isNumber(name) ? [index] : []));
  const rows = readRows(
    lines,
    header,
    (cells) =>
      withoutEmptyEnd(cells, names.length).length === names.length &&
      candidates.some((index) => readPhoneNumber(cells[index] ?? '') !== null),
  );
  const at = numberColumn(
    names,
    candidates,
    rows.flatMap((row) => ('cells' in row ? [row.cells] : [])),
  );
  const result: NumbersFile = { numbers: [], faults: [], ignored: [] };
  result.ignored = names
    .filter((name, index) => name !== '' && index !== at && !(keyOf(name) in optionNames))
    .map((name) => name.toLowerCase());
  for (const row of rows) {
    const from = `${file} line ${String(row.line)}`;
    const cells = 'cells' in row ? withoutEmptyEnd(row.cells, names.length) : [];
    if ('fault' in row) result.faults.push({ from, reason: row.fault });
    else if (cells.length !== names.length) {
      const reason = `it has ${String(cells.length)} fields where the header has ${String(names.length)}`;
      result.faults.push({ from, reason });
    } else result.numbers.push({ number: cells[at] ?? '', options: optionsIn(names, cells), from });
  }
  return result;
}

/** `Phone Number`, `phone_number` and `PhoneNumber` are one name. */
const keyOf = (name: string) =>
  plainText(name)
    .toLowerCase()
    .replace(/[^\p{L}\d]/gu, '');

function rankOf(name: string): number {
  const key = keyOf(name);
  const rank = numberNames.findIndex((names) => names.includes(key));
  return rank < 0 && /e164|msisdn|phonenumber$/.test(key) ? 1 : rank;
}

/** The likeliest of the columns that could be the number, of those that hold numbers: there may be a running number, too. */
function numberColumn(
  names: readonly string[],
  candidates: readonly number[],
  rows: readonly string[][],
): number {
  const [only = 0] = candidates;
  if (candidates.length < 2) return only;
  const holding = candidates.map((index) => ({
    index,
    rank: rankOf(names[index] ?? ''),
    readable: rows.filter((cells) => readPhoneNumber(cells[index] ?? '') !== null).length,
  }));
  const most = Math.max(...holding.map(({ readable }) => readable));
  const [best] = holding
    .filter(({ readable }) => readable * 2 >= most)
    .sort((one, other) => one.rank - other.rank || other.readable - one.readable);
  return best?.index ?? only;
}

/** An empty cell leaves the choice to the pool. */
function optionsIn(names: readonly string[], cells: readonly string[]): AddOptions {
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const option = optionNames[keyOf(name) as keyof typeof optionNames] as
        keyof typeof spellings | undefined;
      const value = cells[index];
      return option && value ? [[option, spellings[option](value)]] : [];
    }),
  );
}

/** As the pool takes them: people write `sms`, `Voice` and `en-US`. */
const spellings = {
  codeMethod: (value: string) => value.toUpperCase(),
  language: (value: string) =>
    value.replace(/^([a-z]{2,3})(?:[-_]([a-z]{2}))?$/i, (_, language: string, region?: string) =>
      [language.toLowerCase(), ...(region === undefined ? [] : [region.toUpperCase()])].join('_'),
    ),
  portfolioId: (value: string) => value,
};

/** Spreadsheets write separators for columns that nobody uses. */
function withoutEmptyEnd(cells: readonly string[], least: number): string[] {
  const used = cells.findLastIndex((cell) => cell !== '') + 1;
  return cells.slice(0, Math.max(used, Math.min(least, cells.length)));
}
