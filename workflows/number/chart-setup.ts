import { and as xstateAnd, assign, fromPromise, not as xstateNot, setup } from 'xstate';
import { assignments } from './actions';
import type { Call, NumberContext } from './context';
import { delays } from './deadlines';
import type { NumberEvent, NumberInput, Results } from './events';
import { guards } from './guards';
import type { RejectionReason } from './rejections';

/** A child's types alone: the interpreter does its work. */
const call = <C extends Call>(name: C) =>
  fromPromise<Results[C], unknown>(() => Promise.reject(new Error(`${name} runs in the interpreter`)));

const recording = Object.fromEntries(
  Object.entries(assignments).map(([name, patch]) => [name, assign((args) => patch(args as never))]),
) as Record<
  keyof typeof assignments,
  ReturnType<typeof assign<NumberContext, NumberEvent, undefined, NumberEvent, never>>
>;

/** Everything that the chart names: guards, delays, actions, calls. */
export const chartSetup = setup({
  types: {
    context: {} as NumberContext,
    events: {} as NumberEvent,
    input: {} as NumberInput,
    output: {} as NumberContext,
    meta: {},
  },
  actors: {
    addNumber: call('addNumber'),
    requestCode: call('requestCode'),
    verifyCode: call('verifyCode'),
    confirmClaim: call('confirmClaim'),
    claimNumber: call('claimNumber'),
    registerNumber: call('registerNumber'),
    removeNumber: call('removeNumber'),
    readNumber: call('readNumber'),
    changeSharing: call('changeSharing'),
  },
  guards,
  delays,
  actions: {
    ...recording,
    /** The message was acted on before: accepted, and nothing to do. */
    repeat: () => undefined,
    /** What the message asks for is under way: its sender waits for that. */
    join: () => undefined,
  },
});

/**
 * XState types a combined guard by the event of the one transition that it stands in (its inference fails where states
 * share a transition; no public issue is known, https://github.com/statelyai/xstate/issues/5067 is about the same types).
 * The guards here take any event, so that their names are all there is to check.
 */
export const and = (guardNames: (keyof typeof guards)[]) => xstateAnd(guardNames as never) as never;
export const not = (guardName: keyof typeof guards) => xstateNot(guardName as never) as never;

/** A transition that goes nowhere and says why: the message is rejected for this reason. */
export const rejects = (reason: RejectionReason) => ({ meta: { rejects: reason } }) as const;
