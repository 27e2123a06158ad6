import { Context } from '@temporalio/activity';
import type { GraphFailure } from '../contract/graph-failure';
import type { WabaId } from '../contract/ids';
import { isGraphError, NoAnswerError, type GraphClient } from './graph';
import { finalFailure, readGraphError, transientFailure } from './graph-failure';
import { withHeartbeats } from './heartbeats';
import type { GraphOf } from './whose-token';

/** One attempt of an activity. */
export interface Attempt {
  /** With the system token. Its calls stop when the activity is cancelled. */
  graph: GraphClient;
  /** The same for calls on the customer's WABA and its numbers, with the customer's token where there is one. */
  customer: GraphClient;
  /** An attempt came before this one, and nobody knows what it did: read before writing. */
  retried: boolean;
  /** To be called before a call that Meta counts: from then on a failure is retried at the activity's `pace`. */
  beginCounted: () => void;
}

interface Activity<Input, Output> {
  /** Names the call and its object in errors: `add +15550783881 to the pool of portfolio 506914307656634`. */
  doing: (input: Input) => string;
  run: (attempt: Attempt, input: Input) => Promise<Output>;
  /** The customer's WABA whose assets it is about. */
  waba?: (input: Input) => WabaId | null | undefined;
  /** Temporal makes one attempt only, so the workflow is told of every failure. */
  once?: true;
  /** Least milliseconds before the next attempt once this one may have spent something of Meta's budget. */
  pace?: (attempt: number) => number;
  /** What the workflow is told instead where a missing object is not the number's own. */
  whenGone?: Pick<GraphFailure, 'handling' | 'retryAfter' | 'whatToDo'>;
  /** Fields of the failure that do not come from Meta. */
  extra?: Pick<GraphFailure, 'webhooks'>;
}

/** Makes an activity of Graph calls. Every error of the Graph client leaves it as a failure that workflows can read. */
export function graphActivity<Input, Output>(
  { system, graphOf }: { system: GraphClient; graphOf: GraphOf },
  activity: Activity<Input, Output>,
) {
  const attempt = async (input: Input): Promise<Output> => {
    const { cancellationSignal, info } = Context.current();
    // A number that went on in another run amid the call says so in its input.
    const retried = info.attempt > 1 || (input as { retried?: boolean }).retried === true;
    const calls = { counted: false };
    const beginCounted = () => {
      calls.counted = true;
    };
    try {
      const wabaId = activity.waba?.(input) ?? null;
      const customer = wabaId === null ? system : await graphOf(wabaId);
      const stopped = (client: GraphClient) => client.stoppedBy(cancellationSignal);
      const clients = { graph: stopped(system), customer: stopped(customer) };
      return await activity.run({ ...clients, retried, beginCounted }, input);
    } catch (error) {
      const read = readGraphError(error);
      if (!read) throw error;
      const doing = activity.doing(input);
      // Nobody knows what an attempt before this one did.
      const { turnedAway, ...told } = read.failure;
      const uncounted = turnedAway === true || (activity.pace !== undefined && !calls.counted);
      const failure = { ...told, ...(uncounted && !retried && { turnedAway: true }), ...activity.extra };
      if (isGraphError(error, 'gone')) throw finalFailure(doing, { ...failure, ...activity.whenGone });
      if (activity.once || !read.passesSoon) throw finalFailure(doing, failure);
      const spent = calls.counted && !(error instanceof NoAnswerError && error.outcome === 'notSent');
      const pace = spent ? (activity.pace?.(info.attempt) ?? null) : null;
      const delay = pace === null ? read.nextRetryDelay : Math.max(read.nextRetryDelay ?? 0, pace);
      throw transientFailure(doing, read.failure, delay);
    }
  };
  return (input: Input): Promise<Output> => withHeartbeats(() => attempt(input));
}
