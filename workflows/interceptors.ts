import { workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';

/** How the SDK's core names a query that comes by itself and not with a workflow task. */
const BY_ITSELF = 'legacy_query';

/** Milliseconds; longer after it was loaded, a run has had its news from a workflow task of its own. */
const LOADING = 10_000;

/**
 * Keeps a query from moving a number. One that waited for a worker is handed over with all the history there is by then;
 * the SDK (1.24) lets the run that it loads for it act on events that no workflow task has taken in, and keeps it so: its
 * next commands are others than a replay makes, which holds the number up for good. So a query that comes right after a
 * run was loaded and had news is refused, which has the run loaded anew; where the news came from a task after all, that
 * costs nothing but the asking again.
 */
export function interceptors(): WorkflowInterceptors {
  let run: 'new' | 'replayed' | 'lives' | { newsAt: number; length: number } = 'new';
  return {
    inbound: [],
    outbound: [],
    internals: [
      {
        activate(input, next) {
          const { jobs, isReplaying, historyLength } = input.activation;
          const length = historyLength ?? 0;
          const now = workflowInfo().unsafe.now();
          if (jobs?.some(({ queryWorkflow }) => queryWorkflow?.queryId === BY_ITSELF)) {
            if (typeof run === 'object' && now - run.newsAt < LOADING) {
              throw new Error('The number has news that no workflow task may have taken in: ask again.');
            }
            run = 'lives';
          } else if (jobs?.some(({ queryWorkflow }) => !queryWorkflow)) {
            if (isReplaying) run = 'replayed';
            else if (run === 'replayed') run = { newsAt: now, length };
            else if (run === 'new' || (typeof run === 'object' && length > run.length)) run = 'lives';
          }
          next(input);
        },
      },
    ],
  };
}
