import Table from 'cli-table3';
import { stringify } from 'csv-stringify/sync';
import { utcMinute } from '../contract/times';
import type { CustomerRecord } from '../contract/customer-record';
import type { Holding } from '../contract/holding';
import type { NumberRecord } from '../contract/number-record';
import type { Audit, LifeAudit } from './audit';
import type { AuditedKind } from './kinds';
import type { Row } from './rows';

export const formats = ['table', 'markdown', 'csv', 'jsonl', 'json'] as const;
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
      return statedRows(runs)
        .map((row) => JSON.stringify(row))
        .join('\n');
    case 'json':
      return JSON.stringify(statedRows(runs), null, 2);
  }
}

const statedRows = (runs: Audit['runs']) =>
  runs.flatMap(({ runId, source, rows }) => rows.map((row) => ({ run: runId, source, ...row })));

const forPrograms: readonly Format[] = ['csv', 'jsonl', 'json'];
/** Nothing but rows may stand in what is written for programs. */
export const isForPrograms = (format: Format) => forPrograms.includes(format);

/** Where each run's history is from, where that is not Temporal alone. */
export function renderSources({ runs }: Audit): string | null {
  if (runs.every(({ source }) => source === 'temporal')) return null;
  const from = { temporal: 'Temporal', records: 'the records', file: 'the file' };
  const lines = runs.map(
    ({ runId, source, rows }) => `run ${runId} of ${rows[0]?.at ?? 'an unknown time'}: from ${from[source]}`,
  );
  return lines.join('\n');
}

/** All lives of a number or customer; for people each under its heading, where there are several. */
export function renderLives(lives: readonly LifeAudit[], format: Format): string {
  if (isForPrograms(format) || lives.length === 1) {
    return render({ ...lives[0], runs: lives.flatMap(({ runs }) => runs) } as Audit, format);
  }
  return lives
    .map((life, index) => {
      const heading = headingOf(life, index, lives.length);
      return `${format === 'markdown' ? `## ${heading}\n` : heading}\n${render(life, format)}`;
    })
    .join('\n\n');
}

export function headingOf({ addedBy, begunAt, endedAt, runs }: LifeAudit, index: number, of: number): string {
  const state = runs.at(-1)?.record?.state ?? 'ended';
  const end = endedAt === null ? 'goes on' : `${state} on ${utcMinute(endedAt)}`;
  const begun = runs[0]?.kind === 'customer' ? 'begun' : 'added';
  return `Life ${String(index + 1)} of ${String(of)}: ${begun} by ${addedBy ?? 'nobody by name'} on ${utcMinute(begunAt)}, ${end}`;
}

/**
 * Who had a number at a moment, or how a customer stood; in epoch milliseconds. As JSON the record, with `heldUntil` if a
 * customer had it no longer then; or `null`.
 *
 * @param holdings of a number: they tell when a customer had it no longer, of which its own history knows nothing
 */
export function renderAt(
  lives: readonly LifeAudit[],
  at: number,
  holdings: readonly Holding[] = [],
  format: Format = 'table',
): string {
  const life = lives.findLast(({ begunAt }) => Date.parse(begunAt) <= at);
  const record = life?.runs.map((run) => run.recordAt(at)).findLast((each) => each !== null) ?? null;
  const heldUntil = record && 'phoneNumber' in record ? endOfHolding(record, at, holdings) : null;
  if (format === 'json')
    return JSON.stringify(record && { ...record, ...(heldUntil && { heldUntil }) }, null, 2);
  const isCustomer = lives[0]?.runs[0]?.kind === 'customer';
  const moment = utcMinute(at);
  if (!life)
    return `On ${moment} the ${isCustomer ? 'WABA was no customer of ours' : 'number was not in the pool'}: Temporal has nothing of it before ${utcMinute(lives[0]?.begunAt ?? at)}.`;
  if (!record)
    return `On ${moment} the ${isCustomer ? 'customer had just been begun' : 'number had just been added'} by ${life.addedBy ?? 'nobody by name'}, or its history cannot be read.`;
  return `On ${moment} ${'phoneNumber' in record ? whoHad(record, heldUntil) : howStood(record)}.`;
}

function endOfHolding({ claim }: NumberRecord, at: number, holdings: readonly Holding[]): string | null {
  const held = holdings.findLast(({ wabaId, from }) => wabaId === claim?.wabaId && Date.parse(from) <= at);
  return held?.to != null && Date.parse(held.to) <= at ? held.to : null;
}

function whoHad(
  { phoneNumber, state, phase, claim, reservation, sharedWith }: NumberRecord,
  until: string | null,
): string {
  return [
    `+${phoneNumber} was ${state}${phase ? ` (${phase})` : ''}`,
    claim
      ? `: WABA ${claim.wabaId} had it${claim.customerId === null ? '' : ` for the customer ${claim.customerId}`}, claimed on ${utcMinute(claim.claimedAt)}, reported by ${claim.source}`
      : ': no customer had it',
    until !== null && `; that ended on ${utcMinute(until)}, as the records know`,
    reservation && `; it was reserved for ${reservation.customerId} until ${utcMinute(reservation.until)}`,
    sharedWith.length > 0 && `; it was shared with ${sharedWith.join(', ')}`,
  ]
    .filter(Boolean)
    .join('');
}

function howStood({ wabaId, state, phase, customerId, steps, numbers }: CustomerRecord): string {
  const stepsThen = steps.map(({ name, status }) => `${name} ${status}`).join(', ');
  const numbersThen = numbers.map((digits) => `+${digits}`).join(', ') || 'none known';
  return `WABA ${wabaId}${customerId === null ? '' : `, the customer ${customerId},`} was ${state}${phase ? ` (${phase})` : ''}: ${stepsThen}; numbers: ${numbersThen}`;
}

const ends: Record<Audit['end'], string> = {
  ended: 'The life has ended.',
  continued: 'The life goes on in another run, which is not among these.',
  open: 'The life is still open: this is its history so far, and Temporal says that it goes on.',
  unknown:
    'The history ends while the life is still open. A file does not tell whether events were cut off: name the number or WABA beside it, and Temporal does.',
  cutOff: 'THE HISTORY WAS CUT OFF: it ends in mid-life, and Temporal says that the life has ended.',
};

/** What was verified, in words; one line for each disagreement. */
export function renderVerdict(audit: Audit): string {
  const found = audit.runs.flatMap(({ runId, findings, unreadable }) => [
    ...findings.map(({ eventId, what }) => `run ${runId}, event ${String(eventId)}: ${what}`),
    ...(unreadable === null ? [] : [`run ${runId}: could not be verified: ${unreadable}`]),
  ]);
  const agreement = `The history agrees with the chart: ${compared[audit.runs[0]?.kind ?? 'number']}.`;
  return [...(found.length > 0 ? found : [agreement]), ends[audit.end]].join('\n');
}

const compared: Record<AuditedKind['name'], string> = {
  number: 'states, times, claim, calls and timers',
  customer: 'states, times, steps, calls and timers',
};

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
