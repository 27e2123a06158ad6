import Table from 'cli-table3';

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** For people; what a program reads goes to standard output. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

export function printTable(head: string[], rows: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  table.push(...rows);
  print(table.toString());
}

/** `2027-02-21 07:26 UTC`; `–` for none. */
export const time = (at: string | null) => (at === null ? '–' : `${at.slice(0, 16).replace('T', ' ')} UTC`);

export const orDash = (text: string | null) => text ?? '–';
