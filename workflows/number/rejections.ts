import type { AnyStateMachine } from 'xstate';
import type { MessageRejection } from '../../contract/message-rejection';
import { REPORTS_PER_RESERVATION } from '../../contract/policy';
import { finalStates } from '../../contract/number-record';
import { describeSpan, instant } from '../../contract/times';
import type { Interpretation } from '../interpreter/interpretation';
import { reasonToReject } from '../life/rejecting';
import type { NumberContext } from './context';
import { codeDiesAt, registrableFrom, reverifyFrom } from './deadlines';
import type { MessageEvent } from './events';
import { contextOf, stateOf } from './number-record';

interface Rejected {
  context: NumberContext;
  event: MessageEvent;
  /** `+15550783881` */
  number: string;
  /** `Verified (fresh)` */
  where: string;
}

const wrongState =
  (why: string) =>
  ({ number, where }: Rejected): MessageRejection => ({
    type: 'WrongState',
    message: `${number} is ${where}: ${why}`,
  });

/** What the chart's reasons are called in public, and their words. The chart alone decides which one applies. */
const rejections = {
  notNow: ({ number, where, event }) => ({
    type: 'WrongState',
    message: `${number} is ${where}: ${event.type} is not possible now.`,
  }),
  alreadyClaimed: ({ number, context: { claim }, event }) => ({
    type: 'AlreadyClaimed',
    message: `${number} was claimed by WABA ${String(claim?.wabaId)} on ${instant(claim?.claimedAt ?? 0)}: ${event.type} is for unclaimed numbers.`,
  }),
  tooEarly: ({ number, context }) => ({
    type: 'TooEarlyToReverify',
    message: `${number} is verified until ${String(instant(context.verificationExpiresAt))} and can be verified anew from ${String(instant(reverifyFrom(context)))}, not before.`,
  }),
  reserved: ({ number, context: { reservation } }) => ({
    type: 'Reserved',
    message: `${number} is reserved for another customer until ${instant(reservation?.until ?? 0)}.`,
  }),
  reservationEnded: ({ number, event }) => ({
    type: 'ReservationEnded',
    message: `The reservation of ${number} that ${event.type} speaks for has ended: nothing was changed. Reserve a number anew.`,
  }),
  reportsSpent: ({ number }) => ({
    type: 'BudgetSpent',
    message: `${String(REPORTS_PER_RESERVATION)} WABAs were said to have ${number} under this reservation, and Meta is being asked about them: name no other before that has ended.`,
  }),
  claimReported: ({ number, context: { reportedClaims }, event }) => ({
    type: 'Reserved',
    message: `${number} is said to be claimed by WABA ${reportedClaims.map(({ wabaId }) => wabaId).join(', ')}: Meta is being asked, mostly for half an hour at most, and the number is kept for that customer meanwhile. Send ${event.type} again once its record holds no reported claim.`,
  }),
  notInPool: ({ number }) => ({
    type: 'NotInPool',
    message: `${number} is not in Meta's pool any more, so nobody could take it: refresh looks for it again.`,
  }),
  staysOnApp: ({ number }) => ({
    type: 'WrongState',
    message: `${number} stays on the WhatsApp Business app: it must not be registered.`,
  }),
  registrationsSpent: ({ number, context, event }) => ({
    type: 'BudgetSpent',
    message: `${number} was registered ten times in 72 hours, which is all that Meta allows: try again from ${instant(registrableFrom(context, event.at))}.`,
  }),
  otherPin: wrongState('it is being registered with another PIN.'),
  otherRegion: ({ number, where, context: { dataLocalizationRegion: region } }) => ({
    type: 'WrongState',
    message: `${number} is ${where}: it is being registered ${region === null ? 'without a region for its data' : `with its data in ${region}`}, and Meta keeps that. See what comes of it before you register it with another region.`,
  }),
  claimLapsed: wrongState('it can be registered once it is verified again.'),
  otherClaim: ({ number, context: { claim } }) => ({
    type: 'WrongState',
    message: `${number} was claimed by WABA ${String(claim?.wabaId)}, and not by the one that is named: nothing was done.`,
  }),
  notClaimed: wrongState('only a number whose claim Meta has shown can be registered.'),
  verifiedClaim: wrongState('a claimed number needs a code only when its verification has lapsed.'),
  notVerified: wrongState('only a verified number can be claimed through the API.'),
  notAddedYet: wrongState('Meta has not added it yet, so there is no status to read.'),
  codeWrong: ({ number }) => ({
    type: 'WrongCode',
    message: `Meta has called this code wrong for ${number} already: it was not handed in again.`,
  }),
  codeStale: (rejected) =>
    wrongState(
      `the last code is ${describeSpan(rejected.event.at - (codeDiesAt(rejected.context) ?? 0))} too old; ask for a new one with requestCode.`,
    )(rejected),
  noCodeRequested: wrongState('no code is under way; ask for one with requestCode.'),
  codesWaiting: ({ number }) => ({
    type: 'BudgetSpent',
    message: `${number} has as many codes waiting as it may try: send the right one once Meta has answered.`,
  }),
  reportsWaiting: ({ number }) => ({
    type: 'BudgetSpent',
    message: `${number} is said to be claimed by many already, and Meta is asked about each: report it again in some minutes; reconcile looks for it, too.`,
  }),
  sharingWaits: ({ number }) => ({
    type: 'BudgetSpent',
    message: `${number} has many changes of sharing to make: send this one when they are made.`,
  }),
  codeNotNeeded: ({ number }) => ({
    type: 'WrongState',
    message: `${number} needs no code now, or the text does not say that it is WhatsApp's: it was not kept.`,
  }),
  noCodeInText: ({ number }) => ({
    type: 'InvalidMessage',
    message: `What ${number} received holds no six-digit code, or more than one.`,
  }),
  codeForAnother: wrongState('the code is for the customer who holds it.'),
  noCodeKept: wrongState('no code came unasked in the last ten minutes, or it was shown already.'),
} satisfies Record<string, (rejected: Rejected) => MessageRejection>;

export type RejectionReason = keyof typeof rejections;

/** Why the chart would not take a message at its moment, `null` if it would. `now` is settled. */
export function rejectionOf(
  chart: AnyStateMachine,
  now: Interpretation,
  event: MessageEvent,
): MessageRejection | null {
  const { state, phase } = stateOf(now);
  const rejected: Rejected = {
    context: contextOf(now),
    event,
    number: `+${contextOf(now).phoneNumber}`,
    where: phase === '' ? state : `${state} (${phase})`,
  };
  if (finalStates.includes(state)) {
    return state === 'Registered' && ofUnclaimed.has(event.type)
      ? rejections.alreadyClaimed(rejected)
      : {
          type: 'WrongState',
          message: `${rejected.number} is ${state}: its life has ended, nothing can be done.`,
        };
  }
  const reason = reasonToReject(chart, now, event) as RejectionReason | null;
  return reason === null ? null : rejections[reason](rejected);
}

/** Messages about a number that nobody has claimed, for a life that has ended claimed. */
const ofUnclaimed = new Set([
  'claim',
  'claimFor',
  'reserve',
  'release',
  'share',
  'unshare',
  'remove',
  'refresh',
]);

export const accepts = (chart: AnyStateMachine, now: Interpretation, event: MessageEvent) =>
  rejectionOf(chart, now, event) === null;
