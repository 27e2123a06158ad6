import type { Interpretation } from '../interpreter/interpretation';
import { expectedRegistration } from './actions/registration';
import { Claimed } from './chart';
import { numberChart2 } from './chart-2';
import { chartSetup, configOf } from './chart-setup';
import { contextOf, stateOf } from './number-record';

const config = configOf(numberChart2);

/**
 * The life of a pre-verified phone number, version 3: as version 2, but a claimed number has the deadline of its
 * registration from the claim on, which rule 4 counts from. It used to have none until the claim was confirmed, which may
 * take long, and was not found among those that are due.
 */
export const numberChart3 = chartSetup.createMachine({
  ...config,
  states: {
    ...config.states,
    Claimed: {
      ...Claimed,
      states: {
        ...Claimed.states,
        confirming: { ...Claimed.states.confirming, entry: 'expectRegistration' },
      },
    },
  },
});

/** A claim that is being confirmed has its deadline as if it had always been here. */
export function broughtTo3(life: Interpretation): Interpretation {
  const { state, phase } = stateOf(life);
  if (state !== 'Claimed' || !['confirming', 'unconfirmed'].includes(phase)) return life;
  const context = contextOf(life);
  return { ...life, context: { ...context, ...expectedRegistration(context) } };
}
