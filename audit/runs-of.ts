import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { isNotFound } from '../temporal/not-found';
import { keptRuns, type DamagedEntry, type Records } from '../records';
import { eventsOf } from './kept-run';
import type { NewestRun, Subject } from './subject';

type Events = temporal.api.history.v1.IHistoryEvent[];

/** A run of a number or customer, and where its history is from. */
export interface FoundRun {
  runId: string;
  /** The first of the runs that continued each other: those of one life have the same. */
  firstRunId: string;
  source: 'temporal' | 'records';
  events: Events;
  /** What the records have of it, where that cannot be read and Temporal has it no longer. */
  damaged?: DamagedEntry;
}

/**
 * Every run of a number or customer that Temporal or the records have, oldest first; unless all are wanted, without records those of its
 * newest life alone.
 * Temporal's own history is preferred where both have it.
 */
export async function runsOf(
  client: Client,
  { workflowIds }: Subject,
  newest: NewestRun | null,
  records: Records | null,
  all = records !== null,
): Promise<FoundRun[]> {
  const found = new Map<string, FoundRun>();
  const kept = records ? await keptRuns(records, workflowIds, eventsOf) : { runs: [], damaged: [] };
  for (const { entry, events } of kept.runs) {
    const { runId, firstRunId } = entry;
    found.set(runId, { runId, firstRunId, source: 'records', events });
  }
  if (newest) for (const run of await newestLife(client, newest, found)) found.set(run.runId, run);
  if (all) for (const run of await otherRuns(client, workflowIds, found)) found.set(run.runId, run);
  for (const damaged of kept.damaged) {
    const { runId, entry } = damaged;
    const lost: FoundRun = {
      runId,
      firstRunId: entry?.firstRunId ?? runId,
      source: 'records',
      events: [],
      damaged,
    };
    if (!found.has(runId)) found.set(runId, lost);
  }
  const startedAt = ({ events, damaged }: FoundRun) =>
    damaged
      ? Date.parse(damaged.startedAt) * 1e6
      : Number(events[0]?.eventTime?.seconds ?? 0) * 1e9 + (events[0]?.eventTime?.nanos ?? 0);
  return [...found.values()].sort((one, other) => startedAt(one) - startedAt(other));
}

/** The newest life from its first run on, each run saying which one followed it. */
async function newestLife(
  client: Client,
  { workflowId, runId, firstRunId }: NewestRun,
  kept: ReadonlyMap<string, FoundRun>,
): Promise<FoundRun[]> {
  const found = new Map<string, FoundRun>();
  let next: string | null | undefined = firstRunId;
  while (next) {
    const read = await readRun(client, workflowId, next);
    if (read) found.set(next, read);
    const events: Events = (read ?? kept.get(next))?.events ?? [];
    next = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  const last = found.has(runId) ? null : await readRun(client, workflowId, runId);
  return [...found.values(), ...(last ? [last] : [])];
}

/** What else Temporal lists. */
async function otherRuns(
  client: Client,
  workflowIds: readonly string[],
  known: ReadonlyMap<string, FoundRun>,
): Promise<FoundRun[]> {
  const found: FoundRun[] = [];
  const ids = workflowIds.map((id) => `'${id}'`);
  for await (const { workflowId, runId } of listIds(client, `WorkflowId IN (${ids.join(', ')})`)) {
    const read = known.has(runId) ? null : await readRun(client, workflowId, runId);
    if (read) found.push(read);
  }
  return found;
}

/** Without their memos, which the reader may have no key for. */
async function* listIds(
  client: Client,
  query: string,
): AsyncGenerator<{ workflowId: string; runId: string }> {
  let nextPageToken: Uint8Array | null = null;
  do {
    const page: temporal.api.workflowservice.v1.IListWorkflowExecutionsResponse =
      await client.workflowService.listWorkflowExecutions({
        namespace: client.options.namespace,
        query,
        nextPageToken,
      });
    for (const { execution } of page.executions ?? [])
      yield { workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' };
    nextPageToken = page.nextPageToken ?? null;
  } while (nextPageToken && nextPageToken.length > 0);
}

/** `null` where Temporal has deleted it. */
async function readRun(client: Client, workflowId: string, runId: string): Promise<FoundRun | null> {
  try {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const firstRunId = events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? runId;
    return { runId, firstRunId, source: 'temporal', events: events ?? [] };
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
