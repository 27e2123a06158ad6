import type { WorkflowInterceptors } from '@temporalio/workflow';

/**
 * Keeps a query from moving a number. One that waited for a worker is handed over with all the history there is by then;
 * the SDK (1.24) lets the run act on events that no workflow task has taken in, by the clock of the task before, and keeps
 * it so: its next commands are others than a replay makes, which holds the number up for good. Such a moment shows in a
 * history that has grown while its clock stood still. Failing it fails that query alone, and has the run loaded anew.
 */
export function interceptors(): WorkflowInterceptors {
  let seen = { length: 0, clock: '' };
  return {
    inbound: [],
    outbound: [],
    internals: [
      {
        activate(input, next) {
          const { timestamp, historyLength, jobs } = input.activation;
          const now = {
            length: historyLength ?? 0,
            clock: `${String(timestamp?.seconds)}.${String(timestamp?.nanos)}`,
          };
          const news = jobs?.some(({ queryWorkflow }) => !queryWorkflow);
          if (news && now.length > seen.length && now.clock === seen.clock) {
            throw new Error('The number has news that no workflow task has taken in yet: ask again.');
          }
          seen = now;
          next(input);
        },
      },
    ],
  };
}
