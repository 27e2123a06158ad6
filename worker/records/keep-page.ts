import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { Runtime } from '@temporalio/worker';
import pLimit from 'p-limit';
import { runToKeep, type ListedRun } from '../../audit/kept-run';
import type { KeepInput, KeepProgress, RecordsActivities } from '../../contract/records-activities';
import { webhookEventId, type WebhookEvent } from '../../contract/webhook-events';
import { statedAttributes, type AttributeValues } from '../../contract/search-attributes';
import {
  appendRuns,
  endScan,
  keptUntil,
  knownRuns,
  lastCheckpoint,
  signCheckpoint,
  type Checkpoint,
  type CheckpointBody,
  type ClosedRun,
  type Records,
} from '../../records';
import { listPage } from '../../temporal/list-page';
import { isNotFound } from '../../temporal/not-found';
import { decodeTypedSearchAttributes, tsToMs } from '../../temporal/sdk-internals';
import type { SigningKey } from '../../settings/signing-keys';

/** What a page takes of memory and of one transaction stays small. */
const PAGE = 100;
/** Histories that are read at a time. */
const CONCURRENCY = 10;
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
/** Temporal's list may learn of a close late, and a worker's clock may be wrong: so much is looked at again each time. */
const OVERLAP = HOUR;
/** What the workflow's result can name. */
const MOST_LOST = 100;

/** Runs of these types are kept: numbers' and customers' lives, and who read or set PINs. */
const kept = `WorkflowType IN ('numberLifecycle', 'customerLifecycle', 'pinReading', 'pinSetting')`;

export interface Keeper {
  client: Client;
  records: Records;
  signingKeys: readonly SigningKey[];
  /** Opens what this worker has keys for, and leaves the rest. */
  converter: LoadedDataConverter;
  /** There are endpoints that a checkpoint is sent to. */
  webhooks: boolean;
}

export async function keepPage(
  keeper: Keeper,
  { progress: before, checkpoint = false }: KeepInput & { progress: KeepProgress },
): ReturnType<RecordsActivities['keepPage']> {
  const { client, records } = keeper;
  const window = before.window ?? (await nextWindow(records));
  const { found, after } = await list(client, window, before.after);
  const known = await knownRuns(
    records,
    found.map(({ runId }) => runId),
  );
  const fresh = found.filter(({ runId }) => !known.has(runId));
  const limit = pLimit(CONCURRENCY);
  const read = await Promise.all(fresh.map((info) => limit(() => readRun(keeper, info))));
  const runs = read.filter((run) => run !== null);
  const lost = fresh.filter((_, index) => read[index] === null).map(({ runId }) => runId);
  // Oldest first within a page; a catch-up goes through the pages as Temporal lists them.
  runs.sort((one, other) => one.run.closedAt.localeCompare(other.run.closedAt));
  Context.current().heartbeat();
  const appended = await appendRuns(records, runs);
  const progress: KeepProgress = {
    ...before,
    window,
    after,
    found: before.found + found.length,
    kept: before.kept + appended,
    lost: [...before.lost, ...lost].slice(0, MOST_LOST),
    disagreeing: before.disagreeing + runs.filter(({ run }) => run.agrees === false).length,
  };
  if (after !== null) return { progress, done: false, events: [] };
  await endScan(records, window.until);
  const events = await checkpointEvents(keeper, before.startedAt, checkpoint);
  return { progress, done: true, events: keeper.webhooks ? events : [] };
}

/** First on each day all that Temporal has is looked at: what its list learnt of later than the overlap is found then. */
async function nextWindow(records: Records): Promise<{ from: number; until: number }> {
  const until = Date.now();
  const last = await keptUntil(records);
  const daily = last === null || Math.floor(last / DAY) !== Math.floor(until / DAY);
  return { from: daily ? 0 : last - OVERLAP, until };
}

async function list(client: Client, { from, until }: { from: number; until: number }, after: string | null) {
  const time = (at: number) => `'${new Date(at).toISOString()}'`;
  const since = from === 0 ? [] : [`CloseTime >= ${time(from)}`];
  const query = [kept, `ExecutionStatus != 'Running'`, ...since, `CloseTime <= ${time(until)}`].join(' AND ');
  const { executions, after: next } = await listPage(client, query, { after, size: PAGE });
  return { found: executions.map(closedRun), after: next };
}

const Status = temporal.api.enums.v1.WorkflowExecutionStatus;
type Status = temporal.api.enums.v1.WorkflowExecutionStatus;

type Listed = ListedRun & { attributes: AttributeValues };

const nameOf = (status: Status | null | undefined): string =>
  Status[status ?? Status.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED].slice('WORKFLOW_EXECUTION_STATUS_'.length);

/** Without what stands in its memo, which this worker may have no key for. */
function closedRun({
  execution,
  type,
  status,
  startTime,
  closeTime,
  searchAttributes,
}: temporal.api.workflow.v1.IWorkflowExecutionInfo): Listed {
  const instant = (at: typeof startTime) => new Date(tsToMs(at)).toISOString();
  return {
    runId: execution?.runId ?? '',
    workflowId: execution?.workflowId ?? '',
    workflowType: type?.name ?? '',
    status: nameOf(status),
    startedAt: instant(startTime),
    closedAt: instant(closeTime),
    attributes: statedAttributes(decodeTypedSearchAttributes(searchAttributes?.indexedFields)),
  };
}

/** `null` where Temporal has deleted it since it was listed. */
async function readRun(
  { client, converter }: Keeper,
  { attributes, ...run }: Listed,
): Promise<ClosedRun | null> {
  Context.current().heartbeat();
  const { workflowId, runId } = run;
  try {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    return await runToKeep(run, attributes, history, converter);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    Runtime.instance().logger.error(
      `Temporal deleted run ${runId} of ${workflowId} before it was in the records: its history is lost. Lengthen the namespace's retention.`,
    );
    return null;
  }
}

/** The checkpoint of this search, signed once however often this is repeated: where none was asked for, one a day. */
async function checkpointEvents(
  { records, signingKeys }: Keeper,
  startedAt: number,
  asked: boolean,
): Promise<WebhookEvent[]> {
  const before = await lastCheckpoint(records);
  // This worker's clock may be behind that of the server, which says when the search began.
  const now = Math.max(Date.now(), startedAt);
  const due = asked || before === null || now - before.at >= DAY;
  const isSigned = before !== null && before.at >= startedAt;
  const checkpoint = due && !isSigned ? await signCheckpoint(records, signingKeys, now) : null;
  const latest = checkpoint ?? (isSigned ? before.checkpoint : null);
  return latest ? [checkpointEvent(records.namespace, latest)] : [];
}

function checkpointEvent(namespace: string, { body, keyId, signature }: Checkpoint): WebhookEvent {
  const { seq, hash, at } = JSON.parse(body) as CheckpointBody;
  return {
    id: webhookEventId(namespace, 'checkpoint', at),
    type: 'records.checkpoint',
    at,
    partnerBusinessId: null,
    data: { namespace, seq, hash, body, keyId, signature },
  };
}
