import type { Interpretation } from '../interpreter/interpretation';
import type { MessageName } from '../../contract/messages';
import type { Call, Failure } from './context';
import type { MessageEvent } from './events';
import { contextOf, stateOf } from './number-record';
import { explain } from './refusals';
import { type MessageRejection } from '../../contract/message-rejection';

/** The calls in which a message's effect consists, the deciding one last. */
const callsOf: Record<MessageName, readonly Call[]> = {
  requestCode: ['addNumber', 'requestCode'],
  submitCode: ['requestCode', 'verifyCode'],
  reserve: [],
  release: [],
  claim: ['confirmClaim'],
  claimFor: ['claimNumber', 'confirmClaim'],
  register: ['confirmClaim', 'registerNumber'],
  share: ['changeSharing'],
  unshare: ['changeSharing'],
  remove: ['addNumber', 'removeNumber'],
  receiveCode: [],
  takeCode: [],
  refresh: ['readNumber'],
};

/** Whether nothing that the message asked for is under way or queued any more. */
export function isSettled(now: Interpretation, event: MessageEvent): boolean {
  if (event.type === 'share' || event.type === 'unshare') {
    return !contextOf(now).sharing.some(
      ({ action, partnerBusinessId }) =>
        action === event.type && partnerBusinessId === event.partnerBusinessId,
    );
  }
  return !callsOf[event.type].some((call) => call in now.children);
}

/**
 * Why a message that had to wait did not do what it asked for; `null` where it did. `before` is how the message found the
 * number, `now` is settled.
 */
export function failureOf(
  before: Interpretation,
  now: Interpretation,
  event: MessageEvent,
): MessageRejection | null {
  const end = outcome(before, now, event);
  if (end === 'done') return null;
  if (end === 'overtaken') return explain(now, event);
  return { type: end.type as MessageRejection['type'], message: `${end.message} ${end.whatToDo}` };
}

/**
 * How a message that had to wait ended: done, failed, or overtaken by something else that happened meanwhile.
 * `now` is settled.
 */
function outcome(
  before: Interpretation,
  now: Interpretation,
  event: MessageEvent,
): 'done' | 'overtaken' | Failure {
  const { claim, ended } = contextOf(now);
  const { ended: endedBefore } = contextOf(before);
  const { state } = stateOf(now);
  if ('wabaId' in event && claim && claim.wabaId !== event.wabaId) return 'overtaken';
  if (event.type === 'register' && state === 'Registered') return 'done';
  if (event.type === 'remove' && state === 'Removed') return 'done';
  const calls = callsOf[event.type];
  for (const call of calls.toReversed()) {
    const end = ended[call];
    // An end has an object of its own: times do not tell it from an earlier one of the same millisecond.
    if (!end || end === endedBefore[call]) continue;
    if (end.failure) return end.failure;
    if (call === calls.at(-1)) return 'done';
  }
  return 'overtaken';
}
