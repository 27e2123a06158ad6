import Table from 'cli-table3';
import { stringify } from 'csv-stringify/sync';
import type { Audit } from './audit';
import type { Row } from './rows';

export const formats = ['table', 'markdown', 'csv', 'jsonl'] as const;
export type Format = (typeof formats)[number];

const columns: (keyof Row)[] = ['at', 'event', 'who', 'what', 'from', 'to', 'detail'];

/** An audit's rows in a format, the runs one after another. */
export function render({ runs }: Audit, format: Format): string {
  const rows = runs.flatMap((run) => run.rows);
  switch (format) {
    case 'table':
      return table(rows);
    case 'markdown':
      return markdown(rows);
    case 'csv':
      return stringify(rows, { header: true, columns, escape_formulas: true }).trimEnd();
    case 'jsonl':
      return runs
        .flatMap((run) =>
          run.rows.map((row) => JSON.stringify({ run: run.runId, source: run.source, ...row })),
        )
        .join('\n');
  }
}

/** Where each run's history is from, where that is not Temporal alone. */
export function renderSources({ runs }: Audit): string | null {
  if (runs.every(({ source }) => source === 'temporal')) return null;
  const from = { temporal: 'Temporal', records: 'the records', file: 'the file' };
  const lines = runs.map(
    ({ runId, source, rows }) => `run ${runId} of ${rows[0]?.at ?? 'an unknown time'}: from ${from[source]}`,
  );
  return lines.join('\n');
}

/** What was verified, in words; one line for each disagreement. */
export function renderVerdict(audit: Audit): string {
  if (audit.agrees) return 'The history agrees with the chart: states, times, claim, calls and timers.';
  return audit.runs
    .flatMap(({ runId, findings, unreadable }) => [
      ...findings.map(({ eventId, what }) => `run ${runId}, event ${String(eventId)}: ${what}`),
      ...(unreadable === null ? [] : [`run ${runId}: could not be verified: ${unreadable}`]),
    ])
    .join('\n');
}

function table(rows: Row[]): string {
  const out = new Table({
    head: ['time', 'who', 'what', 'from → to', 'detail'],
    style: { head: [], border: [] },
    colWidths: [26, 16, 30, 34, 60],
    wordWrap: true,
  });
  for (const row of rows) out.push([row.at, row.who, row.what, movement(row), row.detail]);
  return out.toString();
}

function markdown(rows: Row[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
  const lines = rows.map((row) =>
    [row.at, row.who, row.what, movement(row), row.detail].map(cell).join(' | '),
  );
  return [
    '| time | who | what | from → to | detail |',
    '|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}

const movement = ({ from, to }: Row) => (from === to ? from : `${from} → ${to}`);
