import type { Fact, Recorded } from './recorded';

/** One workflow task that was completed: what it found, and what it wrote. */
export interface Task {
  /** Epoch milliseconds: the workflow's own time. */
  at: number;
  /** Signals and updates in the order in which they were handled: before all else that arrived. */
  messages: Recorded[];
  arrived: Recorded[];
  made: Recorded[];
}

/** The tasks of a history; what arrived after the last one is in none. */
export function tasksOf(events: readonly Recorded[]): Task[] {
  const tasks: Task[] = [];
  let arrived: Recorded[] = [];
  for (let index = 0; index < events.length; index++) {
    const recorded = events[index] as Recorded;
    if (recorded.event.kind !== 'taskStarted') {
      arrived.push(recorded);
      continue;
    }
    const outcome = events[index + 1]?.event.kind;
    if (outcome !== 'taskCompleted') continue;
    const made = madeFrom(events, index + 2);
    tasks.push({ at: recorded.at, messages: messagesOf(arrived, made), arrived, made });
    index += 1 + made.length;
    arrived = [];
  }
  return tasks;
}

/** What a task wrote: up to the first event that came from outside. */
function madeFrom(events: readonly Recorded[], index: number): Recorded[] {
  const made: Recorded[] = [];
  for (const recorded of events.slice(index)) {
    if (!commands.has(recorded.event.kind)) break;
    made.push(recorded);
  }
  return made;
}

function messagesOf(arrived: readonly Recorded[], made: readonly Recorded[]): Recorded[] {
  const order = ({ id, event }: Recorded) => (event.kind === 'update' ? event.after + 0.5 : id);
  return [
    ...arrived.filter(({ event }) => event.kind === 'signal'),
    ...made.filter(({ event }) => event.kind === 'update'),
  ].sort((one, other) => order(one) - order(other));
}

const commands = new Set<Fact['kind']>([
  'callScheduled',
  // The time-skipping server cancels a call that waits for its next attempt at once, amid what the task writes.
  'callCancelled',
  'timerStarted',
  'timerCancelled',
  'attributes',
  'update',
  'updateEnded',
  'patch',
  'completed',
  'failed',
  'continued',
  'ended',
  'other',
]);
