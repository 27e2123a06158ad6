import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { NumberRecord } from '../../contract/number-record';
import { workflowIdOf } from '../../contract/workflow-ids';
import { deadline } from './deadline';
import { getRecord } from './get';
import { RefusedError } from './refused-error';
import { findRun, notRunning, type Run } from './run';
import { TimedOutError } from './timed-out-error';

export interface WaitOptions {
  /** Milliseconds, 0 or more; as long as it takes where it is left out. */
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
 * @throws {RefusedError} `UnknownNumber`, `InvalidMessage` for a timeout that is none, or `WrongState` once the number's life has ended otherwise
 * @throws {TimedOutError} or the signal's reason
 */
export async function waitUntil(
  client: Client,
  digits: string,
  wanted: Wanted,
  { timeout, signal, answerWithin }: WaitOptions & { answerWithin: number },
): Promise<NumberRecord> {
  const late = deadline(timeout, digits);
  const end = AbortSignal.any([late.signal, signal].filter((each) => each != null));
  let last: NumberRecord | null = null;
  let before: Position = { nextPageToken: null, unanswered: false };
  try {
    for (;;) {
      const seen: Seen = await heeding(client, end, () => look(client, digits, before, answerWithin));
      if (seen.record && wanted.is(seen.record)) return seen.record;
      last = seen.record ?? last;
      if (seen.run) throw over(seen.run, wanted, last);
      before = seen;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!late.signal.aborted) throw error;
    const state = last
      ? `it is ${where(last)}`
      : 'it did not answer; is a worker running ("preverified worker")?';
    throw new TimedOutError(
      `+${digits} was not ${wanted.name} within ${String(Number(timeout) / 1000)} seconds: ${state}`,
      digits,
      { cause: error },
    );
  } finally {
    late.clear();
  }
}

interface Position {
  /** Where to go on from; `null` for the beginning of the next run. */
  nextPageToken: Uint8Array | null;
  /** Nobody answered: it is asked again after the next poll, for an idle number writes no history. */
  unanswered: boolean;
}

interface Seen extends Position {
  /** `null` where nothing happened, or nobody answers. */
  record: NumberRecord | null;
  /** The run, if it was the last one. */
  run: Run | null;
}

/** Sleeps at the server until there is more history than was seen, and looks at the number if it can have moved. */
async function look(
  client: Client,
  digits: string,
  { nextPageToken, unanswered }: Position,
  answerWithin: number,
): Promise<Seen> {
  if (nextPageToken === null && !(await findRun(client, digits))) throw notRunning(digits, null);
  const page = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId: workflowIdOf(digits) },
    waitNewEvent: true,
    nextPageToken,
  });
  if (page.nextPageToken.length > 0) {
    const asks = unanswered || mayHaveMoved(page.history?.events);
    const record = asks ? await ask(client, digits, answerWithin) : null;
    return { record, nextPageToken: page.nextPageToken, unanswered: asks && record === null, run: null };
  }
  const run = await findRun(client, digits);
  if (!run || !['RUNNING', 'COMPLETED'].includes(run.status)) throw notRunning(digits, run);
  const record = await ask(client, digits, answerWithin);
  return {
    record,
    nextPageToken: null,
    unanswered: record === null,
    run: run.status === 'COMPLETED' ? run : null,
  };
}

/** The SDK (1.24; no public issue is known) leaves a listener on the signal with every call: each look has its own signal. */
async function heeding<Answer>(
  client: Client,
  end: AbortSignal,
  call: () => Promise<Answer>,
): Promise<Answer> {
  end.throwIfAborted();
  const own = new AbortController();
  const abort = () => {
    own.abort(end.reason);
  };
  end.addEventListener('abort', abort);
  try {
    return await client.withAbortSignal(own.signal, call);
  } finally {
    end.removeEventListener('abort', abort);
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

function over(run: Run, wanted: Wanted, last: NumberRecord | null): RefusedError {
  if (!last) return notRunning(run.digits, run);
  return new RefusedError(
    'WrongState',
    `+${run.digits} is ${where(last)} and will not be ${wanted.name} any more.`,
    run.digits,
  );
}

const where = ({ state, phase }: NumberRecord) => (phase === '' ? state : `${state} (${phase})`);
