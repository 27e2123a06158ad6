import {
  workflowInfo,
  type WorkflowInterceptors,
  type WorkflowInternalsInterceptor,
} from '@temporalio/workflow';
import { describe, DETAILS_QUERY } from './current-details';
import { deliver, receivesSignals } from './signal-delivery';

/** How the SDK's core names a query that comes by itself and not with a workflow task. */
const BY_ITSELF = 'legacy_query';

/** Milliseconds; longer after it was loaded, a run has had its events from a workflow task of its own. */
const LOADING = 10_000;

const ASK_AGAIN = 'No workflow task may have taken in the latest events of the number yet: ask again.';

/**
 * Writes a number's details where somebody asks for them, and keeps a query from moving a number. A query that waited for a
 * worker comes with all the history there is by then. The SDK (1.24) lets the run act on events that no workflow task has
 * taken in, and keeps the run so: its next commands differ from those of a replay, and every later task fails.
 * No public issue of this SDK, or of the Rust core under it, is known. https://github.com/temporalio/sdk-go/issues/755 is
 * about the same in Go: the server's history runs ahead of the query that it sent. Two signs of it count; failing the
 * activation fails that query alone, and has the run loaded anew:
 * - A history that has grown while its clock, that of the task before, stood still.
 * - A query right after a run was loaded with events to act on: its history may end in a task that a dead worker held,
 *   whose time the clock shows. Where the events came from a task after all, it costs the second query and nothing else.
 */
export function interceptors(): WorkflowInterceptors {
  let seen = { length: 0, clock: '' };
  let run: 'new' | 'replayed' | 'lives' | { actedAt: number; length: number } = 'new';
  return {
    inbound: [],
    outbound: [],
    internals: [
      {
        activate(input, next) {
          const { jobs, isReplaying, historyLength, timestamp } = input.activation;
          const length = historyLength ?? 0;
          const clock = `${String(timestamp?.seconds)}.${String(timestamp?.nanos)}`;
          const acts = jobs?.some(({ queryWorkflow }) => !queryWorkflow);
          if (acts && length > seen.length && clock === seen.clock) throw new Error(ASK_AGAIN);
          const now = workflowInfo().unsafe.now();
          if (jobs?.some(({ queryWorkflow }) => queryWorkflow?.queryId === BY_ITSELF)) {
            if (typeof run === 'object' && now - run.actedAt < LOADING) throw new Error(ASK_AGAIN);
            run = 'lives';
          } else if (acts) {
            if (isReplaying) run = 'replayed';
            else if (run === 'replayed') run = { actedAt: now, length };
            else if (run === 'new' || (typeof run === 'object' && length > run.length)) run = 'lives';
          }
          seen = { length, clock };
          if (jobs?.some(({ queryWorkflow }) => queryWorkflow?.queryType === DETAILS_QUERY)) describe();
          inOrder(input, next);
        },
      },
    ],
  };
}

type Activate = Parameters<NonNullable<WorkflowInternalsInterceptor['activate']>>;

/**
 * Hands signals over without the SDK where a life receives them so, and the rest to the SDK, in the order in which they
 * came. A run that begins is begun first: then it has handlers.
 */
function inOrder(input: Activate[0], next: Activate[1]): void {
  const { activation } = input;
  let rest = activation.jobs ?? [];
  const pass = (jobs: typeof rest) => {
    if (jobs.length === 0) return;
    activation.jobs = jobs;
    next(input);
  };
  if (rest[0]?.initializeWorkflow && rest.length > 1 && lives.has(workflowInfo().workflowType)) {
    pass(rest.slice(0, 1));
    rest = rest.slice(1);
  }
  if (!receivesSignals()) {
    pass(rest);
    return;
  }
  let others: typeof rest = [];
  for (const job of rest) {
    if (!job.signalWorkflow) {
      others.push(job);
      continue;
    }
    pass(others);
    others = [];
    deliver(job.signalWorkflow);
  }
  pass(others);
}

/** Workflows whose main function receives signals before it first waits. */
const lives = new Set(['numberLifecycle', 'customerLifecycle']);
