import {
  transition,
  type ActorLogic,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyTransitionDefinition,
} from 'xstate';
import type { Interpretation, TimedEvent } from './interpretation';

/** What the interpreter uses of XState that is not in its manual; nothing else does. */

/** An action of a transition, as data. */
export interface XStateAction {
  type: string;
  params?: {
    id?: string;
    delay?: number;
    sendId?: string;
    src?: string;
    input?: unknown;
    event?: { type: string };
    actorRef?: { id: string };
  };
}

/** An interpretation never changes, and is asked many things: whether it takes a message, then what it makes of it. */
const snapshots = new WeakMap<Interpretation, { chart: AnyStateMachine; snapshot: AnyMachineSnapshot }>();

export function snapshotOf(chart: AnyStateMachine, from: Interpretation): AnyMachineSnapshot {
  const cached = snapshots.get(from);
  if (cached?.chart === chart) return cached.snapshot;
  const snapshot = chart.resolveState({ value: from.value, context: from.context }) as AnyMachineSnapshot;
  snapshots.set(from, { chart, snapshot });
  return snapshot;
}

/** The next snapshot and its actions, as XState's own `transition` returns them. */
export function takeTransition(
  chart: AnyStateMachine,
  from: Interpretation,
  event: TimedEvent,
): [AnyMachineSnapshot, XStateAction[]] {
  const [snapshot, actions] = transition(withoutBeginning(chart), snapshotOf(chart, from), event);
  return [snapshot, actions];
}

/** The transitions that the event would take, in document order. */
export const selectedTransitions = (
  chart: AnyStateMachine,
  from: Interpretation,
  event: TimedEvent,
): AnyTransitionDefinition[] => chart.getTransitionData(snapshotOf(chart, from), event);

/** The IDs of the children that the active states invoke. */
export const invokedBy = ({ _nodes }: AnyMachineSnapshot): ReadonlySet<string> =>
  new Set(_nodes.flatMap((node) => node.invoke.map(({ id }) => id)));

/** The delayed transitions of the active states: the type of each event, and its delay in milliseconds from `at`. */
export function delaysOf(
  chart: AnyStateMachine,
  from: Interpretation,
  at: number,
): { eventType: string; delay: number }[] {
  return snapshotOf(chart, from)._nodes.flatMap((node) =>
    node.after.map(({ delay, eventType }) => ({
      eventType: String(eventType),
      delay: inMilliseconds(chart, from, delay, at),
    })),
  );
}

function inMilliseconds(
  { implementations }: AnyStateMachine,
  { context }: Interpretation,
  delay: unknown,
  at: number,
): number {
  const meant = typeof delay === 'string' ? implementations.delays[delay] : delay;
  if (typeof meant !== 'function') return Number(meant);
  return (meant as (args: object) => number)({ context, event: { type: 'chartMoved', at } });
}

/**
 * A chart's transitions without its beginning. XState's `transition` makes an actor of the logic that it is given, which
 * works out the chart's initial snapshot and throws it away, each time (`createInertActorScope`, xstate 5.33; no public
 * issue known): half of what a transition costs.
 */
const withoutBeginning = (chart: AnyStateMachine): ActorLogic<AnyMachineSnapshot, TimedEvent> => ({
  transition: (snapshot, event, scope) => chart.transition(snapshot, event, scope),
  getInitialSnapshot: () => nothing,
  getPersistedSnapshot: () => nothing,
});

const nothing = {} as AnyMachineSnapshot;
