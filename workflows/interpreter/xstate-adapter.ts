import {
  initialTransition,
  transition,
  type ActorLogic,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyTransitionDefinition,
} from 'xstate';
import type { Interpretation, TimedEvent } from './interpretation';

/**
 * What the product uses of XState that is not in its manual stands here alone: how actions look as data, the active nodes
 * of a snapshot, the IDs of delayed transitions. Among the tests, test/chart/arrows.ts reads which transitions a step took.
 */

/** What a transition asks for outside the chart. */
export type ActionRead =
  | { set: { id: string; delay: number; event: { type: string } } }
  | { cancelled: string }
  | { spawned: { id: string; src: string; input: unknown } };

/** An action of a transition, as data. */
interface XStateAction {
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

/** The timers that the actions set and cancel, and the children that they spawn, in order; others are the chart's own. */
function readActions(actions: readonly XStateAction[]): ActionRead[] {
  const read: ActionRead[] = [];
  for (const { type, params = {} } of actions) {
    const { id, delay, event, sendId, actorRef, input } = params;
    if (type === 'xstate.raise' && delay !== undefined && event) {
      read.push({ set: { id: id ?? event.type, delay, event } });
    } else if (type === 'xstate.cancel' && sendId !== undefined) {
      read.push({ cancelled: sendId });
    } else if (type === 'xstate.spawnChild') {
      // A child that is spawned under a name of its own has it in its reference alone; one without a logic has no reference.
      read.push({ spawned: { id: actorRef?.id ?? String(id), src: String(params.src), input } });
    }
  }
  return read;
}

const snapshotOf = (chart: AnyStateMachine, { value, context }: Interpretation) =>
  chart.resolveState({ value, context }) as AnyMachineSnapshot;

/** A chart's first snapshot, and what its actions ask for. */
export function takeBeginning(
  chart: AnyStateMachine,
  input: { at: number },
): [AnyMachineSnapshot, ActionRead[]] {
  const [snapshot, actions] = initialTransition(chart, input);
  return [snapshot, readActions(actions as XStateAction[])];
}

/** The next snapshot, and what the transition's actions ask for. */
export function takeTransition(
  chart: AnyStateMachine,
  from: Interpretation,
  event: TimedEvent,
): [AnyMachineSnapshot, ActionRead[]] {
  const [snapshot, actions] = transition(withoutBeginning(chart), snapshotOf(chart, from), event);
  return [snapshot, readActions(actions)];
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

/** Whether a timer is that of a state's delayed transition (`after`); one of a raised event has an ID that the chart chose. */
export const isDelayedTransition = (timerId: string): boolean => timerId.startsWith('xstate.after.');

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
 * issue known): half of what a transition costs, and 6 % of a life's replay (docs/performance.md).
 */
const withoutBeginning = (chart: AnyStateMachine): ActorLogic<AnyMachineSnapshot, TimedEvent> => ({
  transition: (snapshot, event, scope) => chart.transition(snapshot, event, scope),
  getInitialSnapshot: () => nothing,
  getPersistedSnapshot: () => nothing,
});

const nothing = {} as AnyMachineSnapshot;
