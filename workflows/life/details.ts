import { utcMinute } from '../../contract/times';
import { lastLine } from '../../contract/ui-text';
import type { Kept } from './kind';

/** A line of a life's details: what it is called, and what it says. */
export type Row = [string, string];

/** The details of a life as Markdown: its own rows, then what every life says of its problem, last refusal and messages. */
export function detailsTable(
  own: readonly Row[],
  {
    problem,
    lastRefusal,
  }: { problem: { message: string; whatToDo: string } | null; lastRefusal: Kept['lastRefusal'] },
  possibleMessages: readonly string[],
): string {
  const rows = [...own];
  if (problem) rows.push(['**Problem**', cell(`${problem.message} ${problem.whatToDo}`)]);
  if (lastRefusal) {
    const { at, name, by, message } = lastRefusal;
    rows.push(['Last refusal', cell(`${utcMinute(at)}, ${name} of ${by ?? 'nobody by name'}: ${message}`)]);
  }
  rows.push(['You can send', possibleMessages.join(', ') || 'nothing']);
  const table = ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)];
  return table.join('\n') + lastLine;
}

/** Text from outside, fit for a cell of a Markdown table, which shows it as it is: a stranger's link must not become one. */
export const cell = (text: string) =>
  text
    .replace(/[|\p{Cc}]/gu, ' ')
    .slice(0, 300)
    .replace(/[\\`*_[\]<>~!&]/g, '\\$&');
