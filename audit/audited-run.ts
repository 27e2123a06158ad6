import type { LoadedDataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { DamagedEntry } from '../records';
import type { Finding } from './compare/finding';
import { kindOf, type AuditedKind, type AuditedRecord } from './kinds';
import { readHistory, type Fact } from './recorded';
import { Replay } from './replay';
import { rowsOf, type Row } from './rows';
import { Unreadable } from './unreadable';

/** What the history of one run says, and whether the chart agrees with it. */
export interface AuditedRun {
  runId: string;
  /** Whose run it is; `null` for one that is no life. */
  kind: AuditedKind['name'] | null;
  /** Where its history is from. */
  source: 'temporal' | 'records' | 'file';
  rows: Row[];
  findings: Finding[];
  /** Why the chart could not be followed, `null` where it was. */
  unreadable: string | null;
  /** The ID of the payload key for want of which it could not be followed. */
  lacksKey: string | null;
  /** The record at the end of what there is, as the chart has it. */
  record: AuditedRecord | null;
  /** The record as it stood at a moment, in epoch milliseconds; `null` where the chart was not followed so far. */
  recordAt: (at: number) => AuditedRecord | null;
  /** What its last event is. */
  end: Fact['kind'];
}

type HistoryEvents = temporal.api.history.v1.IHistoryEvent[];

/** Audits the events of one run. */
export async function auditRun(
  runId: string,
  events: HistoryEvents,
  converter: LoadedDataConverter,
): Promise<AuditedRun> {
  const recorded = await readHistory(events, converter);
  let replay: Replay | null = null;
  let record: AuditedRecord | null = null;
  let unreadable: string | null = null;
  let lacksKey: string | null = null;
  try {
    replay = new Replay(recorded);
    record = replay.run().record();
  } catch (error) {
    // A history that was made by hand may break the chart itself.
    const isUnreadable = error instanceof Unreadable;
    unreadable = isUnreadable ? error.message : `the chart cannot follow it: ${String(error)}`;
    lacksKey = isUnreadable ? error.lacksKey : null;
  }
  const kind = kindOf(typeOf(events))?.name ?? null;
  return {
    runId,
    kind,
    source: 'file',
    rows: rowsOf(recorded, replay?.steps ?? new Map(), kind ?? 'workflow'),
    findings: replay?.findings ?? [],
    unreadable,
    lacksKey,
    record,
    recordAt: (at) => replay?.recordAt(at) ?? null,
    end: recorded.at(-1)?.event.kind ?? 'started',
  };
}

/** A run of which the records have an entry that cannot be read: it is shown, and hides no other run. */
export const damagedRun = ({ runId, startedAt, entry, what }: DamagedEntry): AuditedRun => ({
  runId,
  kind: null,
  source: 'records',
  rows: [{ at: startedAt, event: 0, who: 'records', what: 'cannot be read', from: '', to: '', detail: what }],
  findings: [],
  unreadable: what,
  lacksKey: null,
  record: null,
  recordAt: () => null,
  // Records hold closed runs alone.
  end: entry?.status === 'CONTINUED_AS_NEW' ? 'continued' : 'ended',
});

/** The type of the workflow that a history is of. */
const typeOf = ([first]: HistoryEvents) =>
  first?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '';
