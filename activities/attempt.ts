import { Context } from '@temporalio/activity';
import { GraphError, type GraphClient } from './graph';
import { passing, refused } from './failure';
import type { GraphFailure } from '../contract/number-activities';
import { readFault } from './refusal';
import { isGone } from './verification';

/** One attempt of an activity. */
export interface Attempt {
  /** Its calls stop when the activity is cancelled. */
  graph: GraphClient;
  /** An attempt came before this one, and what it did is unknown: read before writing. */
  retried: boolean;
}

interface Activity<Input, Output> {
  /** Names the deed and its object in errors: `add +15550783881 to the pool of portfolio 506914307656634`. */
  doing: (input: Input) => string;
  run: (attempt: Attempt, input: Input) => Promise<Output>;
  /** Temporal makes one attempt only, so that even what passes soon goes to the chart. */
  once?: true;
  /** Least milliseconds before the next attempt once Meta has answered this one: for calls that Meta counts. */
  pace?: (attempt: number) => number;
  /** Where an object that is not there (100/33) is none of the number's own. */
  whenGone?: Pick<GraphFailure, 'handling' | 'retryAfter' | 'whatToDo'>;
  /** What a refusal brings along that is none of Meta's words. */
  besides?: Pick<GraphFailure, 'webhooks'>;
}

/** Milliseconds; a call that is answered sooner never tells Temporal that it is alive, which costs nothing then. */
const BEAT = 5_000;

/** Makes an activity of calls to the Graph API: each of their faults leaves as the failure that the chart can read. */
export function graphActivity<Input, Output>(graph: GraphClient, activity: Activity<Input, Output>) {
  return async (input: Input): Promise<Output> => {
    const context = Context.current();
    const { cancellationSignal, info } = context;
    const beating = setInterval(() => {
      context.heartbeat();
    }, BEAT);
    const attempt = { graph: graph.stoppedBy(cancellationSignal), retried: info.attempt > 1 };
    try {
      return await activity.run(attempt, input);
    } catch (error) {
      const fault = readFault(error);
      if (!fault) throw error;
      const doing = activity.doing(input);
      const refusal = { ...fault.refusal, ...activity.besides };
      if (isGone(error)) throw refused(doing, { ...refusal, ...activity.whenGone });
      if (activity.once || !fault.passesSoon) throw refused(doing, refusal);
      const pace = error instanceof GraphError ? (activity.pace?.(info.attempt) ?? null) : null;
      throw passing(doing, fault.refusal, pace === null ? fault.retryIn : Math.max(fault.retryIn ?? 0, pace));
    } finally {
      clearInterval(beating);
    }
  };
}
