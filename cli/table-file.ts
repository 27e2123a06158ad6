import { CsvError, parse } from 'csv-parse/sync';
import { readBytes } from './input';

/** A row, and the line of the file that it begins in, as an editor counts. */
export type Row = { line: number } & ({ cells: string[] } | { fault: string });

/** Of spreadsheets where the comma is the decimal sign, of "Unicode text", of databases. */
const separators = [',', ';', '\t', '|'];

/** The lines of a text file in any of the encodings that spreadsheets write. @throws Error where it cannot be read */
export function readLines(file: string): string[] {
  const text = decode(readBytes(file));
  if (text.includes('\0')) throw new Error(`${file} is no text: save the table as CSV`);
  return text.split(/\r\n|\r|\n/);
}

function decode(bytes: Buffer): string {
  const marked = [
    { mark: [0xff, 0xfe], encoding: 'utf-16le' },
    { mark: [0xfe, 0xff], encoding: 'utf-16be' },
  ].find(({ mark }) => mark.every((byte, index) => bytes[index] === byte));
  if (marked) return new TextDecoder(marked.encoding).decode(bytes);
  // Without a mark, digits and commas tell: every other byte of theirs is zero.
  const zeros = [0, 1].map((odd) => bytes.filter((byte, index) => byte === 0 && index % 2 === odd).length);
  const half = bytes.length / 4;
  if (Number(zeros[1]) > half) return new TextDecoder('utf-16le').decode(bytes);
  if (Number(zeros[0]) > half) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * The table's header and what separates its cells: what a first line `sep=;` says, else whatever makes a header of the
 * first line with something in it. `null` where nothing does.
 */
export function findHeader(
  lines: readonly string[],
  isHeader: (cells: string[]) => boolean,
): { cells: string[]; separator: string; line: number } | null {
  const said = /^"?sep=(.)"?[,;\t|]*$/i.exec(lines[0] ?? '')?.[1];
  const line = lines.findIndex((text, index) => text.trim() !== '' && !(said !== undefined && index === 0));
  const headers = (said === undefined ? separators : [said, ...separators]).flatMap((separator) => {
    const cells = parseRecord(lines[line] ?? '', separator);
    return 'cells' in cells && isHeader(cells.cells)
      ? [{ cells: cells.cells, separator, line: line + 1 }]
      : [];
  });
  return headers.sort((one, other) => other.cells.length - one.cells.length)[0] ?? null;
}

/**
 * The rows behind the header; those of blanks and separators alone are left out. A row may go on in the next lines inside
 * quotation marks; where these would swallow other rows, the mark is a fault of its own line.
 *
 * @param isRow whether a line can only be a row by itself
 */
export function readRows(
  lines: readonly string[],
  { separator, line: first }: { separator: string; line: number },
  isRow: (cells: string[]) => boolean,
): Row[] {
  const rows: Row[] = [];
  const standsAlone = (text: string) => {
    const record = parseRecord(text, separator);
    return 'cells' in record && isRow(record.cells);
  };
  for (let index = first; index < lines.length; index++) {
    const line = index + 1;
    let record = parseRecord(lines[index] ?? '', separator);
    for (let last = index + 1; 'isOpen' in record && record.isOpen && last < lines.length; last++) {
      if (standsAlone(lines[last] ?? '')) break;
      record = parseRecord(lines.slice(index, last + 1).join('\n'), separator);
      if ('cells' in record) index = last;
    }
    if ('fault' in record) rows.push({ line, fault: record.fault });
    else if (record.cells.some((cell) => cell !== '')) rows.push({ line, cells: record.cells });
  }
  return rows;
}

type Parsed = { cells: string[] } | { fault: string; isOpen: boolean };

/** One row of a table, which may have several lines. */
function parseRecord(text: string, separator: string): Parsed {
  // What csv-parse makes of most rows, without the cost of starting it for each.
  if (!text.includes('"')) return { cells: text.split(separator).map((cell) => cell.trim()) };
  try {
    const [cells = []] = parse(text, {
      delimiter: separator,
      // All of it is one row.
      record_delimiter: '\0',
      trim: true,
      relax_column_count: true,
      relax_quotes: true,
    });
    return { cells };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED';
    return {
      fault: isOpen ? 'a quotation mark in it is not closed' : 'it has text behind a quotation mark',
      isOpen,
    };
  }
}
