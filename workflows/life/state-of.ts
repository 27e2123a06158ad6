import type { StateValue } from 'xstate';
import type { Interpretation } from '../interpreter/interpretation';

/** The state that people see, and the phase inside it: of the region `life` of the state `living`, or a final state. */
export function stateOf({ value }: Pick<Interpretation, 'value'>): { state: string; phase: string } {
  const life = typeof value === 'string' ? value : (value['living'] as { life: StateValue }).life;
  const [state = '', ...phase] = path(life);
  return { state, phase: phase.join('.') };
}

function path(value: StateValue): string[] {
  if (typeof value === 'string') return [value];
  const [[name, inner]] = Object.entries(value) as [[string, StateValue]];
  return [name, ...path(inner)];
}
