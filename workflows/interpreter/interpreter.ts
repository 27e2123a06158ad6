import type { AnyMachineSnapshot, AnyStateMachine, StateValue } from 'xstate';
import type { Child, ChildEnd, Interpretation, Observer, TimedEvent, Timer } from './interpretation';
import { invokedBy, takeBeginning, takeTransition, type ActionRead } from './xstate-adapter';

/** The chart went into XState's error status: a guard or action threw, or a child's failure was not handled. */
export class ChartError extends Error {
  override readonly name = 'ChartError';
}

/**
 * The pure half of the interpreter: steps through one chart whose events carry `at` (epoch milliseconds). Holds no state:
 * every method takes an interpretation and gives the next one back.
 */
export class Interpreter {
  constructor(
    readonly chart: AnyStateMachine,
    private readonly observe: Observer = () => undefined,
  ) {}

  /** Begins the chart; `input` carries the time as `at`. */
  begin(input: { at: number }): Interpretation {
    const [snapshot, actions] = takeBeginning(this.chart, input);
    const nothing = { timers: {}, children: {}, started: 0 };
    return this.settle(
      record(this.chart, nothing, snapshot, actions, { type: 'xstate.init', at: input.at }),
      input.at,
    );
  }

  /** What the chart makes of an event; timers that are due by then fire before it, and those it made due after it. */
  advance(from: Interpretation, event: TimedEvent): Interpretation {
    return this.settle(this.#take(this.settle(from, event.at), event), event.at);
  }

  /** The chart at a moment at which nothing happens but timers that are due. */
  settle(from: Interpretation, at: number): Interpretation {
    let now = from;
    for (let fired = 0; fired < 100; fired++) {
      const due = nextTimer(now);
      if (now.done || due === null || due.dueAt > at) return now;
      now = this.#fire(now, due.id, at);
    }
    throw new ChartError(
      'a hundred timers fired in one moment: the chart sets timers in the past in a circle',
    );
  }

  /** Fires one timer now, whatever its time. */
  fire(from: Interpretation, id: string, at: number): Interpretation {
    return this.settle(this.#fire(from, id, at), at);
  }

  /** Takes in a child's end; one that was stopped or restarted since is dropped. */
  finishChild(
    from: Interpretation,
    child: { id: string; serial: number },
    end: ChildEnd,
    at: number,
  ): Interpretation {
    const settled = this.settle(from, at);
    const { [child.id]: running, ...children } = settled.children;
    if (running?.serial !== child.serial) return settled;
    const kind = 'error' in end ? 'error' : 'done';
    const by = 'output' in end ? running.by : undefined;
    const event = { type: `xstate.${kind}.actor.${child.id}`, actorId: child.id, ...end, at, by };
    return this.settle(this.#take({ ...settled, children }, event), at);
  }

  #fire(from: Interpretation, id: string, at: number): Interpretation {
    const { [id]: timer, ...timers } = from.timers;
    return timer ? this.#take({ ...from, timers }, { ...timer.event, at }) : from;
  }

  #take(from: Interpretation, event: TimedEvent): Interpretation {
    if (from.done) return from;
    const [snapshot, actions] = takeTransition(this.chart, from, event);
    const next = record(this.chart, from, snapshot, actions, event);
    this.observe(from, next, event);
    return next;
  }
}

function record(
  chart: AnyStateMachine,
  from: Pick<Interpretation, 'timers' | 'children' | 'started'>,
  snapshot: AnyMachineSnapshot,
  actions: readonly ActionRead[],
  { type: cause, at, by }: TimedEvent,
): Interpretation {
  if (snapshot.status === 'error') {
    throw new ChartError(
      `${chart.id} cannot go on from ${JSON.stringify(snapshot.value)}: ${String(snapshot.error)}`,
    );
  }
  const done = snapshot.status === 'done';
  const timers: Record<string, Timer> = { ...from.timers };
  const active = invokedBy(snapshot);
  const children: Record<string, Child> = Object.fromEntries(
    Object.entries(from.children).filter(([id, child]) => active.has(id) || !child.invoked),
  );
  let started = from.started;
  for (const action of actions) {
    if ('set' in action) {
      const { id, delay, event } = action.set;
      if (delay !== Infinity) timers[id] = { dueAt: Math.round(at + Math.max(0, delay)), event };
    } else if ('cancelled' in action) {
      Reflect.deleteProperty(timers, action.cancelled);
    } else {
      const { id, src, input } = action.spawned;
      children[id] = {
        src,
        input,
        invoked: active.has(id),
        serial: ++started,
        // What an answer begins is nobody's message any more.
        ...(by !== undefined && !cause.startsWith('xstate.') && { by }),
      };
    }
  }
  return {
    value: snapshot.value as StateValue,
    context: snapshot.context as unknown,
    done,
    output: snapshot.output,
    timers: done ? {} : timers,
    children: done ? {} : children,
    started,
  };
}

function nextTimer(from: Interpretation): { id: string; dueAt: number } | null {
  let next: { id: string; dueAt: number } | null = null;
  for (const [id, { dueAt }] of Object.entries(from.timers)) {
    if (next === null || dueAt < next.dueAt) next = { id, dueAt };
  }
  return next;
}
