import type { AnyStateMachine } from 'xstate';
import type { CustomerMessageName } from '../../contract/customer-messages';
import type { MessageRejection } from '../../contract/message-rejection';
import type { Interpretation } from '../interpreter/interpretation';
import type { Accepted } from '../life/kind';
import type { CustomerCall } from './context';
import { contextOf, stateOf } from './customer-record';
import type { CustomerMessageEvent } from './events';

const connecting: readonly CustomerCall[] = ['subscribeCustomer', 'assignSystemUser', 'shareCreditLine'];

/** The calls in which a message's effect consists. */
const callsOf: Record<CustomerMessageName, readonly CustomerCall[]> = {
  connect: connecting,
  offboard: [...connecting, 'revokeCreditLine', 'closeCustomer'],
  refresh: ['readCustomer'],
  reportDeparture: ['confirmDeparture', 'revokeCreditLine', 'closeCustomer'],
  reportToken: [],
};

/** Whether nothing that the message asked for is under way any more. */
export const isSettled = (now: Interpretation, event: CustomerMessageEvent): boolean =>
  !callsOf[event.type].some((call) => call in now.children);

/** Why a message that had to wait did not do what it asked for; `null` where it did. */
export function outcomeOf(
  _chart: AnyStateMachine,
  now: Interpretation,
  { before, event }: Accepted<CustomerMessageEvent>,
): MessageRejection | null {
  const { ended, wabaId, leaving } = contextOf(now);
  const { state } = stateOf(now);
  if (event.type === 'reportDeparture' && state !== 'Left' && leaving === null)
    return {
      type: 'NotLeft',
      message: `Meta shows that WABA ${wabaId} is still with us: ${event.event} was not acted on, and is looked at again for half an hour.`,
    };
  if (event.type === 'offboard' && state === 'Left') return null;
  const endedBefore = contextOf(before).ended;
  // Each end is an object of its own: times do not tell it from an earlier one of the same millisecond.
  const newEnds = callsOf[event.type].map((call) =>
    ended[call] === endedBefore[call] ? undefined : ended[call],
  );
  const failure = newEnds.findLast((end) => end?.failure)?.failure;
  return failure ? { type: 'MetaRefused', message: `${failure.message} ${failure.whatToDo}` } : null;
}
