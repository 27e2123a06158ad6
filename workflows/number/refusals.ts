import { accepts, type Interpretation } from '../interpreter/interpretation';
import type { NumberState } from '../../contract/number-record';
import { describeSpan } from './ui-text';
import type { NumberContext } from './context';
import { codeDiesAt, registrableFrom, reverifyFrom } from './deadlines';
import type { MessageEvent } from './events';
import { heldByAnother, isGone, staysOnApp } from './guards';
import { contextOf, instant, stateOf } from './number-record';
import type { AnyStateMachine } from 'xstate';
import { MessageRejection } from '../../contract/message-rejection';

/** Whether a message is refused at its moment is the chart's own decision; the words say why. `now` is settled. */
export function refusal(
  chart: AnyStateMachine,
  now: Interpretation,
  event: MessageEvent,
): MessageRejection | null {
  return accepts(chart, now, event) ? null : explain(now, event);
}

/** The reason for which the state that was found does not take the message. */
export function explain(now: Interpretation, event: MessageEvent): MessageRejection {
  const context = contextOf(now);
  const { state, phase } = stateOf(now);
  const number = `+${context.phoneNumber}`;
  const { claim, reservation } = context;

  if (claim && claimsRefuse.has(event.type)) {
    return {
      type: 'AlreadyClaimed',
      message: `${number} was claimed by WABA ${claim.wabaId} on ${instant(claim.claimedAt)}: ${event.type} is for unclaimed numbers.`,
    };
  }
  if (finals.has(state)) {
    return { type: 'WrongState', message: `${number} is ${state}: its life has ended, nothing can be done.` };
  }
  if (event.type === 'requestCode' && state === 'Verified' && phase === 'fresh') {
    const from = instant(reverifyFrom(context));
    return {
      type: 'TooEarlyToReverify',
      message: `${number} is verified until ${String(instant(context.verificationExpiresAt))} and can be verified anew from ${String(from)}, not before.`,
    };
  }
  if (
    (event.type === 'reserve' || event.type === 'release' || event.type === 'claimFor') &&
    reservation &&
    heldByAnother(context, event.customerId, event.at)
  ) {
    return {
      type: 'Reserved',
      message: `${number} is reserved for another customer until ${instant(reservation.until)}.`,
    };
  }
  if (event.type === 'register' && context.claim && state === 'Claimed' && phase === 'verified') {
    return staysOnApp(context)
      ? {
          type: 'WrongState',
          message: `${number} stays on the WhatsApp Business app: it must not be registered.`,
        }
      : {
          type: 'BudgetSpent',
          message: `${number} was registered ten times in 72 hours, which is all that Meta allows: try again from ${instant(registrableFrom(context, event.at))}.`,
        };
  }
  if (event.type === 'reserve' && isGone(context)) {
    return {
      type: 'NotInPool',
      message: `${number} is not in Meta's pool any more, so nobody could take it: refresh looks for it again.`,
    };
  }
  if (event.type === 'receiveCode') {
    return {
      type: 'InvalidMessage',
      message: `What ${number} received holds no six-digit code, or more than one.`,
    };
  }
  if (event.type === 'submitCode' && context.code?.wrong.includes(event.code)) {
    return {
      type: 'WrongCode',
      message: `Meta has called this code wrong for ${number} already: it was not handed in again.`,
    };
  }
  return {
    type: 'WrongState',
    message: `${number} is ${where(state, phase)}: ${why(event, phase, context)}`,
  };
}

const claimsRefuse = new Set([
  'claim',
  'claimFor',
  'reserve',
  'release',
  'share',
  'unshare',
  'remove',
  'refresh',
]);
const finals = new Set<NumberState>(['Registered', 'Removed', 'Rejected']);

const where = (state: NumberState, phase: string) => (phase === '' ? state : `${state} (${phase})`);

function why(event: MessageEvent, phase: string, context: NumberContext): string {
  switch (event.type) {
    case 'submitCode': {
      const died = codeDiesAt(context);
      return died !== null && event.at >= died
        ? `the last code is ${describeSpan(event.at - died)} too old; ask for a new one with requestCode.`
        : 'no code is under way; ask for one with requestCode.';
    }
    case 'claimFor':
      return 'only a verified number can be claimed through the API.';
    case 'register':
      if (phase === 'registering') return 'it is being registered with another PIN.';
      return context.claim
        ? 'it can be registered once its claim is confirmed and verified.'
        : 'only a claimed number can be registered.';
    case 'requestCode':
      return context.claim
        ? 'a claimed number needs a code only when its verification has lapsed.'
        : 'it cannot ask for a code now.';
    case 'takeCode':
      return context.keptCode
        ? 'the code is for the customer who holds it.'
        : 'no code came unasked in the last ten minutes, or it was shown already.';
    default:
      return `${event.type} is not possible now.`;
  }
}
