import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { NumberRecord } from '../../workflows/record';
import { workflowIdOf } from '../../workflows/workflow-id';
import { getRecord } from './get';
import { RefusedError } from './refused-error';
import { findRun, notRunning } from './run';
import { TimedOutError } from './timed-out-error';

export interface WaitOptions {
  /** Milliseconds; as long as it takes where it is left out. */
  timeout?: number;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/** What is waited for, and its name in a sentence. */
export interface Wanted {
  is: (record: NumberRecord) => boolean;
  name: string;
}

/**
 * Waits until a number is as wanted. Sleeps at the server until the number's history grows; asks nothing meanwhile.
 *
 * @throws {RefusedError} `UnknownNumber`, or `WrongState` once the number's life has ended otherwise
 * @throws {TimedOutError} or the signal's reason
 */
export async function waitUntil(
  client: Client,
  digits: string,
  wanted: Wanted,
  { timeout, signal, answerWithin }: WaitOptions & { answerWithin: number },
): Promise<NumberRecord> {
  const late = timeout === undefined ? null : AbortSignal.timeout(timeout);
  const ends = [late, signal].filter((end) => end != null);
  const waiting = { last: null as NumberRecord | null };
  try {
    return await client.withAbortSignal(AbortSignal.any(ends), () =>
      watch(client, digits, wanted, answerWithin, waiting),
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (!late?.aborted) throw error;
    const { last } = waiting;
    throw new TimedOutError(
      `+${digits} was not ${wanted.name} within ${String(Number(timeout) / 1000)} seconds: ${last ? `it is ${where(last)}` : 'it did not answer; is a worker running ("preverified worker")?'}`,
      digits,
      { cause: error },
    );
  }
}

async function watch(
  client: Client,
  digits: string,
  wanted: Wanted,
  answerWithin: number,
  waiting: { last: NumberRecord | null },
): Promise<NumberRecord> {
  if (!(await findRun(client, digits))) throw notRunning(digits, null);
  const request = {
    namespace: client.options.namespace,
    execution: { workflowId: workflowIdOf(digits) },
    waitNewEvent: true,
    nextPageToken: null as Uint8Array | null,
  };
  for (;;) {
    const page = await client.workflowService.getWorkflowExecutionHistory(request);
    const ended = page.nextPageToken.length === 0;
    if (ended || mayHaveMoved(page.history?.events)) {
      const record = await ask(client, digits, answerWithin);
      if (record && wanted.is(record)) return record;
      waiting.last = record ?? waiting.last;
    }
    if (ended) await throwIfOver(client, digits, wanted, waiting.last);
    // A run that was continued goes on in the next one.
    request.nextPageToken = ended ? null : page.nextPageToken;
  }
}

/** A number moves in its workflow tasks alone. */
function mayHaveMoved(events: temporal.api.history.v1.IHistoryEvent[] | null | undefined): boolean {
  const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED } = temporal.api.enums.v1.EventType;
  return (events ?? []).some(({ eventType }) => eventType === EVENT_TYPE_WORKFLOW_TASK_COMPLETED);
}

/** `null` while no worker answers: one may come. */
async function ask(client: Client, digits: string, answerWithin: number): Promise<NumberRecord | null> {
  try {
    return await getRecord(client, digits, answerWithin);
  } catch (error) {
    if (error instanceof TimedOutError) return null;
    throw error;
  }
}

async function throwIfOver(
  client: Client,
  digits: string,
  wanted: Wanted,
  last: NumberRecord | null,
): Promise<void> {
  const run = await findRun(client, digits);
  if (run?.status === 'RUNNING') return;
  if (run?.status !== 'COMPLETED' || !last) throw notRunning(digits, run);
  throw new RefusedError(
    'WrongState',
    `+${digits} is ${where(last)} and will not be ${wanted.name} any more.`,
    digits,
  );
}

const where = ({ state, phase }: NumberRecord) => (phase === '' ? state : `${state} (${phase})`);
