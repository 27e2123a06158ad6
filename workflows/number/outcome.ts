import type { AnyStateMachine } from 'xstate';
import type { MessageRejection } from '../../contract/message-rejection';
import type { MessageName } from '../../contract/messages';
import type { Interpretation } from '../interpreter/interpretation';
import type { Accepted } from '../life/kind';
import type { Call } from './context';
import type { MessageEvent } from './events';
import { contextOf, stateOf } from './number-record';
import { rejectionOf } from './rejections';

/** The calls in which a message's effect consists, the deciding one last. */
const callsOf: Record<MessageName, readonly Call[]> = {
  requestCode: ['addNumber', 'requestCode'],
  submitCode: ['requestCode', 'verifyCode'],
  reserve: [],
  release: [],
  claim: ['confirmClaim'],
  claimFor: ['claimNumber', 'confirmClaim'],
  register: ['registerNumber'],
  share: ['changeSharing'],
  unshare: ['changeSharing'],
  remove: ['addNumber', 'removeNumber'],
  endClaim: [],
  receiveCode: [],
  takeCode: [],
  refresh: ['readNumber'],
};

/** Whether nothing that the message asked for is under way or queued any more. */
export function isSettled(now: Interpretation, event: MessageEvent): boolean {
  const { sharing, reportedClaims } = contextOf(now);
  switch (event.type) {
    case 'share':
    case 'unshare':
      return !sharing.some(
        ({ action, partnerBusinessId }) =>
          action === event.type && partnerBusinessId === event.partnerBusinessId,
      );
    case 'remove':
      // It is out of the pool, and somebody is said to have it: whether it is removed or claimed shows once Meta was asked.
      return stateOf(now).phase !== 'leaving' && !callsOf.remove.some((call) => call in now.children);
    case 'claim':
    case 'claimFor':
      // A report is settled when the first look for it is done; those for other WABAs are of no interest.
      return (
        !('claimNumber' in now.children && event.type === 'claimFor') &&
        !reportedClaims.some(({ wabaId, awaited }) => awaited && wabaId === event.wabaId)
      );
    default:
      return !callsOf[event.type].some((call) => call in now.children);
  }
}

/** Why a message that had to wait did not do what it asked for; `null` where it did. `now` is settled. */
export function outcomeOf(
  chart: AnyStateMachine,
  now: Interpretation,
  { before, event }: Accepted<MessageEvent>,
): MessageRejection | null {
  const { claim, ended } = contextOf(now);
  const { ended: endedBefore } = contextOf(before);
  const { state } = stateOf(now);
  // Something else happened meanwhile: the state that it left says why the message came to nothing.
  const overtaken = () =>
    rejectionOf(chart, now, event) ?? {
      type: 'WrongState' as const,
      message: `+${contextOf(now).phoneNumber} is ${state}: something else happened while ${event.type} was under way.`,
    };
  if ('wabaId' in event && claim) return claim.wabaId === event.wabaId ? null : overtaken();
  if (event.type === 'register' && state === 'Registered') return null;
  if (event.type === 'remove' && state === 'Removed') return null;
  if (event.type === 'remove' && claim) return overtaken();
  const calls = callsOf[event.type];
  for (const call of calls.toReversed()) {
    const end = ended[call];
    // Each end is an object of its own: times do not tell it from an earlier one of the same millisecond.
    if (!end || end === endedBefore[call]) continue;
    if (end.failure) {
      const { type, message, whatToDo } = end.failure;
      return { type: type as MessageRejection['type'], message: `${message} ${whatToDo}` };
    }
    if (call === calls.at(-1)) return null;
  }
  return overtaken();
}
