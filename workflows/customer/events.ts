import type { CustomerActivities } from '../../contract/customer-activities';
import type { CustomerMessage, CustomerMessageName } from '../../contract/customer-messages';
import type { CustomerStart } from '../../contract/customer-start';
import type { GraphFailure } from '../../contract/graph-failure';
import type { CustomerCall, CustomerContext } from './context';

/** What each call answers. */
export type Results = { [C in CustomerCall]: Awaited<ReturnType<CustomerActivities[C]>> };

export type CustomerMessageEvent = {
  [Name in CustomerMessageName]: { type: Name; at: number } & CustomerMessage<Name>;
}[CustomerMessageName];

/** Everything that happens to a customer, each with its time. */
export type CustomerEvent =
  | CustomerMessageEvent
  | { type: 'xstate.init'; input: CustomerInput }
  | { type: `xstate.after.${string}`; at: number }
  | { [C in CustomerCall]: { type: `xstate.done.actor.${C}`; output: Results[C]; at: number } }[CustomerCall]
  | { type: `xstate.error.actor.${CustomerCall}`; error: GraphFailure; at: number };

export interface ActionArgs {
  context: CustomerContext;
  event: CustomerEvent;
}

export type CustomerInput = CustomerStart & { at: number };

export function timeOf(event: CustomerEvent): number {
  return event.type === 'xstate.init'
    ? (event as { input: CustomerInput }).input.at
    : (event as { at: number }).at;
}

/** What a message says, or `null` if the event is not that message. */
export function message<Name extends CustomerMessageName>(event: CustomerEvent, name: Name) {
  return event.type === name ? (event as Extract<CustomerMessageEvent, { type: Name }>) : null;
}

/** What a call answered, or `null` if the event is not its answer. */
export function answer<C extends CustomerCall>(event: CustomerEvent, call: C): Results[C] | null {
  return event.type === `xstate.done.actor.${call}`
    ? (event as unknown as { output: Results[C] }).output
    : null;
}

/** Which call failed and how, or `null` if the event is no failure. */
export function failureIn(event: CustomerEvent): { call: CustomerCall; failure: GraphFailure } | null {
  const prefix = 'xstate.error.actor.';
  if (!event.type.startsWith(prefix)) return null;
  return {
    call: event.type.slice(prefix.length) as CustomerCall,
    failure: (event as { error: GraphFailure }).error,
  };
}
