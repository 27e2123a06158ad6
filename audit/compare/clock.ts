import { instant } from '../../contract/times';
import type { Fact, Recorded } from '../recorded';
import type { Find } from './finding';

/** Temporal writes what belongs together at once; its clocks may differ by this much, in milliseconds. */
const TOLERANCE = 1_000;

/** What comes from outside, at any moment; all else is written with or for a workflow task. */
const arrivals = new Set<Fact['kind']>([
  'signal',
  'callStarted',
  'callDone',
  'callFailed',
  'callTimedOut',
  'callCancelled',
  'timerFired',
]);

/**
 * What ends a task's own writing: from here on nothing was held back for it. A task that failed or timed out is not among
 * them: what came while it was under way is written behind its failure, with its own time.
 */
const betweenTasks = new Set<Fact['kind']>(['started', 'taskScheduled', 'taskStarted']);

/**
 * Whether each event's time fits those of its neighbours and of the task that took it in. What comes while a task is under
 * way is written behind it, with its own time; what comes between tasks brings about the next one at that very moment.
 */
export function compareTimes(events: readonly Recorded[], find: Find): void {
  const times = new Map(events.map(({ id, at }) => [id, at]));
  let last: Recorded | null = null;
  let taskStartedAt = -Infinity;
  let arrived: Recorded[] = [];
  for (const recorded of events) {
    const { id, at, event } = recorded;
    if (arrivals.has(event.kind)) {
      const since = last && betweenTasks.has(last.event.kind) ? last.at : taskStartedAt;
      const from = earliest(event, times) ?? since;
      if (at < from - TOLERANCE) {
        find(id, `it is of ${instant(at)}, and cannot have come before ${instant(from)}`);
      }
      arrived.push(recorded);
      continue;
    }
    for (const each of arrived) {
      if (each.at > at + TOLERANCE) {
        find(each.id, `it is of ${instant(each.at)}, after what follows it, of ${instant(at)}`);
      }
    }
    const came = arrived.filter((each) => each.event.kind !== 'callStarted').map((each) => each.at);
    // Further attempts of a task that failed are not written until one of them completes, and then with its own time.
    if (event.kind === 'taskScheduled' && came.length > 0 && last?.event.kind !== 'taskFailed') {
      const cause = Math.max(...came, last && !betweenTasks.has(last.event.kind) ? last.at : -Infinity);
      if (at > cause + TOLERANCE) {
        find(id, `a task begins at ${instant(at)} for what came at ${instant(cause)}: one of them was moved`);
      }
    }
    if (last && at < last.at - TOLERANCE) {
      find(id, `it is of ${instant(at)}, before what it follows, of ${instant(last.at)}`);
    }
    if (event.kind === 'taskStarted') taskStartedAt = at;
    arrived = [];
    last = recorded;
  }
}

/** An attempt is written when it has ended, with the time at which it began. */
function earliest(event: Fact, times: ReadonlyMap<number, number>): number | null {
  return event.kind === 'callStarted' ? (times.get(event.call) ?? null) : null;
}
