import { readFileSync } from 'node:fs';
import { parse, type Info } from 'csv-parse/sync';
import type { AddOptions } from '../client/index';

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

const columns = { code_method: 'codeMethod', language: 'language', portfolio_id: 'portfolioId' } as const;

/**
 * Reads a CSV file with a header: `phone_number` (or `number`), and if wanted `code_method`, `language`, `portfolio_id`.
 * A bad row keeps no other from being read.
 *
 * @throws Error where the file as a whole is of no use
 */
export function readNumbersFile(file: string): NumbersFile {
  const rows = parseRows(file);
  const header = (rows[0]?.record ?? []).map((name) => name.trim().toLowerCase());
  const at = Math.max(header.indexOf('phone_number'), header.indexOf('number'));
  if (at < 0) {
    throw new Error(
      `${file} has no column phone_number: its first line must name the columns, one of them phone_number`,
    );
  }
  const result: NumbersFile = { numbers: [], faults: [], ignored: [] };
  result.ignored = header.filter((name, index) => index !== at && !(name in columns));
  for (const { record, info } of rows.slice(1)) {
    const from = `${file} line ${String(info.lines)}`;
    if (record.length !== header.length) {
      const reason = `it has ${String(record.length)} fields where the header has ${String(header.length)}`;
      result.faults.push({ from, reason });
      continue;
    }
    result.numbers.push({ number: record[at] ?? '', options: optionsIn(header, record), from });
  }
  return result;
}

function parseRows(file: string): { record: string[]; info: Info }[] {
  try {
    return parse(readFileSync(file, 'utf8'), {
      bom: true,
      info: true,
      trim: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: Info }[];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read: ${message}`, {
      cause: error,
    });
  }
}

/** An empty cell leaves the choice to the pool. */
function optionsIn(header: string[], record: string[]): AddOptions {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([column, option]) => {
      const value = record[header.indexOf(column)];
      return value ? [[option, value]] : [];
    }),
  );
}
