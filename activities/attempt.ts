import { ApplicationFailure, Context } from '@temporalio/activity';
import type { GraphClient } from './graph';
import { passing, refused } from './failure';
import { readFault } from './refusal';

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
}

/** Makes an activity of calls to the Graph API: each of their faults leaves as the failure that the chart can read. */
export function graphActivity<Input, Output>(
  graph: GraphClient,
  { doing, run, once }: Activity<Input, Output>,
) {
  return async (input: Input): Promise<Output> => {
    const { cancellationSignal, info } = Context.current();
    const attempt = { graph: graph.stoppedBy(cancellationSignal), retried: info.attempt > 1 };
    try {
      return await run(attempt, input);
    } catch (error) {
      // The signal's reason is Temporal's own CancelledFailure.
      cancellationSignal.throwIfAborted();
      const fault = error instanceof ApplicationFailure ? null : readFault(error);
      if (!fault) throw error;
      throw fault.passesSoon && !once ? passing(doing(input), fault) : refused(doing(input), fault.refusal);
    }
  };
}
