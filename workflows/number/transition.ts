import type { Interpretation, TimedEvent } from '../interpreter/interpretation';
import type { Transition } from '../../contract/number-record';
import { contextOf, instant, stateOf } from './number-record';

/** The change of state that a step made, `null` if it made none. */
export function transitionOf(
  before: Interpretation,
  after: Interpretation,
  event: TimedEvent,
): Transition | null {
  const from = stateOf(before).state;
  const to = stateOf(after).state;
  if (from === to) return null;
  const by = (event as { by?: string }).by ?? null;
  return { at: instant(event.at), from, to, event: cause(event, before), by };
}

/** `addNumber` for its answer, `addNumber refused` for its refusal, `deadline` or a delay's name for a timer, messages by theirs. */
function cause({ type, at }: TimedEvent, before: Interpretation): string {
  if (!type.startsWith('xstate.')) return type;
  const [, kind, name = '', id = ''] = type.split('.');
  const { deadline } = contextOf(before);
  if (kind === 'after') return deadline && at >= deadline.at ? 'deadline' : name;
  return kind === 'error' ? `${id} refused` : id;
}
