import type { AnyStateMachine } from 'xstate';
import { snapshotOf, type Interpretation } from './interpretation';

/**
 * Takes a life over to another version of its chart. State, context and what is under way stay as they are, and so does
 * every timer that the new version has too, at its absolute time; one that only the old version had is dropped, one that
 * only the new version has begins now.
 */
export function moveOver(to: AnyStateMachine, from: Interpretation, at: number): Interpretation {
  const snapshot = snapshotOf(to, from);
  const known = Object.entries(from.timers).filter(([id]) => !id.startsWith('xstate.after.'));
  const ofStates = snapshot._nodes
    .flatMap((node) => node.after)
    .map(({ delay, ...transition }) => {
      const eventType = String(transition.eventType);
      const span = inMilliseconds(to, from, delay, at);
      return [
        eventType,
        from.timers[eventType] ?? { dueAt: Math.round(at + Math.max(0, span)), event: { type: eventType } },
      ] as const;
    })
    .filter(([, { dueAt }]) => dueAt !== Infinity);
  return { ...from, timers: Object.fromEntries([...known, ...ofStates]) };
}

function inMilliseconds(
  { implementations }: AnyStateMachine,
  { context }: Interpretation,
  delay: unknown,
  at: number,
): number {
  const meant = typeof delay === 'string' ? implementations.delays[delay] : delay;
  if (typeof meant !== 'function') return Number(meant);
  return (meant as (moment: object) => number)({ context, event: { type: 'chartMoved', at } });
}
