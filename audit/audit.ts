import type { Client } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { dataConverter } from '../temporal/data-converter';
import { readingClient } from '../temporal/reading-client';
import { historyFromJSON, loadDataConverter } from '../temporal/sdk-internals';
import { digitsInPool } from '../client/pool/phone-number';
import { notRunning } from '../client/pool/run';
import type { Settings } from '../settings';
import type { Records } from '../records';
import type { NumberRecord } from '../contract/number-record';
import { readHistory } from './recorded';
import type { Finding } from './compare/finding';
import { Replay } from './replay';
import { rowsOf, type Row } from './rows';
import { runsOf, type FoundRun } from './runs-of';
import { Unreadable } from './unreadable';

/** What the history of a number says, and whether the chart agrees with it. */
export interface Audit {
  /** Runs in the order in which they followed each other by continue-as-new. */
  runs: AuditedRun[];
  /** `true`: every run was followed by the chart to its end and agrees with it. */
  agrees: boolean;
}

export interface AuditedRun {
  runId: string;
  /** Where its history is from. */
  source: FoundRun['source'] | 'file';
  rows: Row[];
  findings: Finding[];
  /** Why the chart could not be followed, `null` where it was. */
  unreadable: string | null;
  /** The record at the end of what there is, as the chart has it. */
  record: NumberRecord | null;
}

type HistoryEvents = temporal.api.history.v1.IHistoryEvent[];

/**
 * Audits a number from the histories that Temporal and the records have, run by run; from Temporal alone only its newest
 * life. The client's converter should leave payloads of unknown keys as they are.
 *
 * @throws {RefusedError} `InvalidMessage`, or `UnknownNumber` where neither has a history of it
 */
export async function auditNumber(
  client: Client,
  number: string,
  records: Records | null = null,
): Promise<Audit> {
  const digits = await digitsInPool(client, number);
  const found = await runsOf(client, digits, records);
  if (found.length === 0) throw notRunning(digits, null);
  return verdict(await auditAll(found, readingClient(client).options.loadedDataConverter));
}

/** The same from records alone. */
export async function auditKept(
  records: Records,
  digits: string,
  converter: LoadedDataConverter,
): Promise<Audit> {
  const found = await runsOf(null, digits, records);
  if (found.length === 0) throw notRunning(digits, null);
  return verdict(await auditAll(found, converter));
}

/** A run that another one of the same life should follow or precede, and that neither has, is a gap in what is known. */
async function auditAll(found: readonly FoundRun[], converter: LoadedDataConverter): Promise<AuditedRun[]> {
  const runs: AuditedRun[] = [];
  const known = new Set(found.map(({ runId }) => runId));
  for (const { runId, source, events } of found) {
    const audited = { ...(await auditRun(runId, events, converter)), source };
    const { continuedExecutionRunId: before } = events[0]?.workflowExecutionStartedEventAttributes ?? {};
    const after = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    for (const missing of [before, after]) {
      if (!missing || known.has(missing)) continue;
      const what = `run ${missing}, which ${missing === before ? 'came before' : 'followed'}, is neither in Temporal nor in the records`;
      audited.findings.push({ eventId: missing === before ? 1 : events.length, what });
    }
    runs.push(audited);
  }
  return runs;
}

/** Decodes what the settings hold keys for, and leaves the rest. */
export const readingConverter = (settings: Settings<'payloads'>): LoadedDataConverter =>
  loadDataConverter(dataConverter(settings, { unknownKey: 'leave' }));

/** Audits one exported history, as the Temporal CLI and UI write it. @throws Error where it is none */
export async function auditExported(json: string, converter: LoadedDataConverter): Promise<Audit> {
  const { events } = historyFromJSON(JSON.parse(json));
  const runId = events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ?? '';
  return verdict([await auditRun(runId, events ?? [], converter)]);
}

/** Audits the events of one run. */
export async function auditRun(
  runId: string,
  events: HistoryEvents,
  converter: LoadedDataConverter,
): Promise<AuditedRun> {
  const recorded = await readHistory(events, converter);
  let replay: Replay | null = null;
  let record: NumberRecord | null = null;
  let unreadable: string | null = null;
  try {
    replay = new Replay(recorded);
    record = replay.run().record();
  } catch (error) {
    // A history that was made by hand may break the chart itself.
    unreadable = error instanceof Unreadable ? error.message : `the chart cannot follow it: ${String(error)}`;
  }
  return {
    runId,
    source: 'file',
    rows: rowsOf(recorded, replay?.steps ?? new Map()),
    findings: replay?.findings ?? [],
    unreadable,
    record,
  };
}

const verdict = (runs: AuditedRun[]): Audit => ({
  runs,
  agrees:
    runs.length > 0 && runs.every(({ findings, unreadable }) => findings.length === 0 && unreadable === null),
});
