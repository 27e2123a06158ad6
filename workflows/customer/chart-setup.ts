import { assign, fromPromise, setup } from 'xstate';
import { assignments } from './actions';
import type { CustomerCall, CustomerContext } from './context';
import type { CustomerEvent, CustomerInput, Results } from './events';
import { delays, guards } from './guards';
import type { RejectionReason } from './rejections';

/** A child's types alone: the interpreter does its work. */
const call = <C extends CustomerCall>(name: C) =>
  fromPromise<Results[C], unknown>(() => Promise.reject(new Error(`${name} runs in the interpreter`)));

const recording = Object.fromEntries(
  Object.entries(assignments).map(([name, patch]) => [name, assign((args) => patch(args as never))]),
) as Record<
  keyof typeof assignments,
  ReturnType<typeof assign<CustomerContext, CustomerEvent, undefined, CustomerEvent, never>>
>;

/** Everything that the chart names: guards, delays, actions, calls. */
export const chartSetup = setup({
  types: {
    context: {} as CustomerContext,
    events: {} as CustomerEvent,
    input: {} as CustomerInput,
    output: {} as CustomerContext,
    meta: {},
  },
  actors: {
    subscribeCustomer: call('subscribeCustomer'),
    assignSystemUser: call('assignSystemUser'),
    shareCreditLine: call('shareCreditLine'),
    readCustomer: call('readCustomer'),
    registerAgain: call('registerAgain'),
    confirmDeparture: call('confirmDeparture'),
    revokeCreditLine: call('revokeCreditLine'),
    closeCustomer: call('closeCustomer'),
  },
  guards,
  delays,
  actions: {
    ...recording,
    /** What the message asks for is under way, or was done: accepted, and nothing to do. */
    join: () => undefined,
  },
});

/** A transition that goes nowhere and says why: the message is rejected for this reason. */
export const rejects = (reason: RejectionReason) => ({ meta: { rejects: reason } }) as const;
