import Table from 'cli-table3';

export function print(text: string): void {
  process.stdout.write(`${plain(text)}\n`);
}

/** For people; what a program reads goes to standard output. */
export function note(text: string): void {
  process.stderr.write(`${plain(text)}\n`);
}

/** Without what steers a terminal: strangers' words are among what is shown, such as the text of an SMS. */
export const plain = (text: string) => text.replace(/(?![\n\t])\p{Cc}/gu, '');

/** As it is, to the letter: JSON itself escapes the control characters below U+0020 alone. */
export function printJson(value: unknown): void {
  const json = JSON.stringify(value, null, 2);
  print(json.replace(/[\x7f-\x9f]/g, (control) => `\\u00${control.charCodeAt(0).toString(16)}`));
}

export function printTable(head: string[], rows: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => row.map(plain)));
  print(table.toString());
}

/** `2027-02-21 07:26 UTC`; `–` for none. */
export const time = (at: string | null) => (at === null ? '–' : `${at.slice(0, 16).replace('T', ' ')} UTC`);

export const orDash = (text: string | null) => text ?? '–';
