import type { Client } from '@temporalio/client';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import type { LoadedDataConverter } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import type { temporal } from '@temporalio/proto';
import { dataConverter } from '../temporal/data-converter';
import { readingClient } from '../temporal/reading-client';
import { digitsInPool } from '../client/pool/phone-number';
import { findRun, notRunning } from '../client/pool/run';
import type { Settings } from '../settings';
import { workflowIdOf } from '../contract/workflow-ids';
import type { NumberRecord } from '../contract/number-record';
import { readHistory } from './recorded';
import type { Finding } from './compare/finding';
import { Replay } from './replay';
import { rowsOf, type Row } from './rows';
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
  rows: Row[];
  findings: Finding[];
  /** Why the chart could not be followed, `null` where it was. */
  unreadable: string | null;
  /** The record at the end of what there is, as the chart has it. */
  record: NumberRecord | null;
}

type HistoryEvents = temporal.api.history.v1.IHistoryEvent[];

/**
 * Audits a number from Temporal's history alone, the newest life of it from its first run on. What the client's keys do
 * not open stays as it is.
 *
 * @throws {RefusedError} `InvalidMessage`, or `UnknownNumber` where Temporal has no history of it
 */
export async function auditNumber(client: Client, number: string): Promise<Audit> {
  const digits = await digitsInPool(client, number);
  const run = await findRun(client, digits);
  if (!run) throw notRunning(digits, run);
  const converter = readingClient(client).options.loadedDataConverter;
  const runs: AuditedRun[] = [];
  const workflowId = workflowIdOf(digits);
  let runId: string | null | undefined = run.firstRunId;
  while (runId) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.push(await auditRun(runId, events ?? [], converter));
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return verdict(runs);
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

async function auditRun(
  runId: string,
  events: HistoryEvents,
  converter: LoadedDataConverter,
): Promise<AuditedRun> {
  const recorded = await readHistory(events, converter);
  let replay: Replay | null = null;
  let unreadable: string | null = null;
  try {
    replay = new Replay(recorded);
    replay.run();
  } catch (error) {
    // A history that was made by hand may break the chart itself.
    unreadable = error instanceof Unreadable ? error.message : `the chart cannot follow it: ${String(error)}`;
  }
  return {
    runId,
    rows: rowsOf(recorded, replay?.steps ?? new Map()),
    findings: replay?.findings ?? [],
    unreadable,
    record: unreadable === null && replay ? replay.record() : null,
  };
}

const verdict = (runs: AuditedRun[]): Audit => ({
  runs,
  agrees:
    runs.length > 0 && runs.every(({ findings, unreadable }) => findings.length === 0 && unreadable === null),
});
