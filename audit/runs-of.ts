import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { writtenForms } from '../contract/phone-number';
import { workflowIdOf } from '../contract/workflow-ids';
import { isNotFound } from '../temporal/not-found';
import { findRun } from '../client/pool/run';
import { keptRunsOf, type Records } from '../records';
import { eventsOf } from './kept-run';

type Events = temporal.api.history.v1.IHistoryEvent[];

/** A run of a number, and where its history is from. */
export interface FoundRun {
  runId: string;
  /** The first of the runs that continued each other: those of one life have the same. */
  firstRunId: string;
  source: 'temporal' | 'records';
  events: Events;
}

/**
 * Every run of a number that Temporal or the records have, oldest first; unless all are wanted, without records those of its
 * newest life alone.
 * Temporal's own history is preferred where both have it.
 */
export async function runsOf(
  client: Client | null,
  digits: string,
  records: Records | null,
  all = records !== null,
): Promise<FoundRun[]> {
  const found = new Map<string, FoundRun>();
  for (const { entry, history } of records ? await keptRunsOf(records, digits) : []) {
    const { runId, firstRunId } = entry;
    found.set(runId, { runId, firstRunId, source: 'records', events: eventsOf(history) });
  }
  if (client) for (const run of await runsInTemporal(client, digits, found, all)) found.set(run.runId, run);
  const startedAt = ({ events }: FoundRun) =>
    Number(events[0]?.eventTime?.seconds ?? 0) * 1e9 + (events[0]?.eventTime?.nanos ?? 0);
  return [...found.values()].sort((one, other) => startedAt(one) - startedAt(other));
}

/** The newest life from its first run on, each run saying which one followed it; with records what else is listed. */
async function runsInTemporal(
  client: Client,
  digits: string,
  kept: ReadonlyMap<string, FoundRun>,
  all: boolean,
): Promise<FoundRun[]> {
  const found = new Map<string, FoundRun>();
  const run = await findRun(client, digits);
  const workflowId = workflowIdOf(run?.digits ?? digits);
  let next: string | null | undefined = run?.firstRunId;
  while (next) {
    const read = await readRun(client, workflowId, next);
    if (read) found.set(next, read);
    const events: Events = (read ?? kept.get(next))?.events ?? [];
    next = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  if (run && !found.has(run.runId)) {
    const newest = await readRun(client, workflowId, run.runId);
    if (newest) found.set(run.runId, newest);
  }
  if (!all) return [...found.values()];
  const ids = writtenForms(digits).map((form) => `'${workflowIdOf(form)}'`);
  for await (const { workflowId: id, runId } of listIds(client, `WorkflowId IN (${ids.join(', ')})`)) {
    const read = found.has(runId) || kept.has(runId) ? null : await readRun(client, id, runId);
    if (read) found.set(runId, read);
  }
  return [...found.values()];
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
