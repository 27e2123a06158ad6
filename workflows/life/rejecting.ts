import type { AnyStateMachine } from 'xstate';
import type { Interpretation, TimedEvent } from '../interpreter/interpretation';
import { selectedTransitions } from '../interpreter/xstate-adapter';

/**
 * Why a chart would not take a message at its moment. It is rejected if any transition that it would take says so
 * (`rejects`), or if it would take none: `notNow`.
 */
export function reasonToReject(
  chart: AnyStateMachine,
  now: Interpretation,
  event: TimedEvent,
): string | null {
  const selected = selectedTransitions(chart, now, event);
  const reason = selected
    .map(({ meta }) => (meta as { rejects?: string } | undefined)?.rejects)
    .find((each) => each !== undefined);
  if (reason !== undefined) return reason;
  const acts = selected.some(({ target, actions }) => target !== undefined || actions.length > 0);
  return acts ? null : 'notNow';
}
