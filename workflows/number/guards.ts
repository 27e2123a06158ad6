import type { NumberContext } from './context';
import { readCode } from '../../contract/code';
import { codeDiesAt, codesOfTheDay, registrableFrom } from './deadlines';
import {
  answer,
  claimFoundIn,
  message,
  refusalIn,
  timeOf,
  type ActionArgs,
  type NumberEvent,
} from './events';
import { CLAIM_TRIES, OWN_CODE_REQUESTS, WRONG_CODES } from '../../contract/policy';

/** When a chart asks. All of them are total: a guard that throws would fail the workflow task. */
export const guards = {
  // time
  deadlinePassed: ({ context, event }: ActionArgs) => isPastDeadline(context, timeOf(event)),
  cameFromAdded: ({ context }: ActionArgs) => context.deadline !== null,

  // adding
  removalAsked: ({ context }: ActionArgs) => context.asked.removal,
  codeAsked: ({ context }: ActionArgs) => context.asked.code,
  addedVerified: ({ event }: ActionArgs) => isAddedVerified(event),
  addedLapsed: ({ event }: ActionArgs) => isAddedLapsed(event),
  addedVerifiedToRemove: ({ context, event }: ActionArgs) => context.asked.removal && isAddedVerified(event),
  addedLapsedToRemove: ({ context, event }: ActionArgs) => context.asked.removal && isAddedLapsed(event),
  // codes
  alreadyVerified: ({ event }: ActionArgs) => answer(event, 'requestCode')?.outcome === 'alreadyVerified',
  codeRight: ({ event }: ActionArgs) => answer(event, 'verifyCode')?.outcome === 'verified',
  codeHeld: ({ context }: ActionArgs) => holdsCode(context),
  /** The fifth wrong code of the round: this one and those before it. */
  attemptsSpent: ({ context }: ActionArgs) => (context.code?.wrong.length ?? 0) + 1 >= WRONG_CODES,
  codeNew: ({ context, event }: ActionArgs) => isCodeNew(context, event),
  /** The code that is held already. */
  codeKnown: ({ context, event }: ActionArgs) => {
    const code = message(event, 'submitCode')?.code;
    return code !== undefined && context.code?.held.includes(code) === true;
  },
  /** The code that is with Meta now. */
  codeUnderWay: ({ context, event }: ActionArgs) =>
    message(event, 'submitCode')?.code === context.code?.submitted,
  /** The code that verified the number, once more. */
  codeAccepted: ({ context, event }: ActionArgs) => {
    const code = message(event, 'submitCode')?.code;
    return code !== undefined && code === context.code?.accepted;
  },
  /** One that was asked for a while ago, in a round that has ended without it. */
  codeNewAndAlive: ({ context, event }: ActionArgs) =>
    isCodeNew(context, event) && isCodeAlive(context, timeOf(event)),
  /** Meta will not send another code now, but the one before is still good. */
  codeAlive: ({ context, event }: ActionArgs) => isCodeAlive(context, timeOf(event)),
  codeHeldAndAlive: ({ context, event }: ActionArgs) =>
    holdsCode(context) && isCodeAlive(context, timeOf(event)),
  /** Another code was asked for, and Meta said when. */
  putOff: ({ context }: ActionArgs) => context.resumeAt !== null,
  /** Meta could not be asked about the code, and it lives: it may be handed in again. */
  codeWorthAnotherTry: ({ context, event }: ActionArgs) =>
    isWorthAnotherTry(event) && isCodeAlive(context, timeOf(event)),

  /** A round that brought no right code is followed by one more, of the number's own accord and within its budget. */
  mayAskAgain: ({ context, event }: ActionArgs) => mayAskAgain(context, timeOf(event)),
  attemptsSpentMayAskAgain: ({ context, event }: ActionArgs) =>
    (context.code?.wrong.length ?? 0) + 1 >= WRONG_CODES && mayAskAgain(context, timeOf(event)),
  holdsCode: ({ event }: ActionArgs) => readCode(message(event, 'receiveCode')?.text ?? '') !== null,
  /** For the customer who holds the reservation, and for operators, who name no customer. */
  mayTakeCode: ({ context, event }: ActionArgs) => {
    const customerId = message(event, 'takeCode')?.customerId;
    return (
      context.keptCode !== null &&
      (customerId === undefined ||
        context.reservation?.customerId === customerId ||
        context.claim?.customerId === customerId)
    );
  },

  // reading the status again
  refreshable: ({ context }: ActionArgs) => context.preverifiedId !== null && context.claim === null,
  readVerified: ({ event }: ActionArgs) => answer(event, 'readNumber')?.verified === true,
  readLapsed: ({ event }: ActionArgs) => answer(event, 'readNumber')?.verified === false,
  /** Claimed or removed behind our back. */
  readNothing: ({ event }: ActionArgs) => answer(event, 'readNumber') === null,
  readAsKnown: ({ context, event }: ActionArgs) => {
    const read = answer(event, 'readNumber');
    return (
      read?.verified === true &&
      (read.expiresAt ?? context.verificationExpiresAt) === context.verificationExpiresAt
    );
  },

  // after a refusal
  worthAnotherTry: ({ event }: ActionArgs) => isWorthAnotherTry(event),
  verifyFirst: ({ event }: ActionArgs) => refusalIn(event)?.refusal.handling === 'verifyFirst',

  // reservations
  reservable: ({ context, event }: ActionArgs) => isReservable(context, event),
  /** Since version 2. */
  reservableInPool: ({ context, event }: ActionArgs) => isReservable(context, event) && !isGone(context),
  releasable: ({ context, event }: ActionArgs) => {
    const customerId = message(event, 'release')?.customerId;
    return (
      context.claim === null &&
      (customerId === undefined || !heldByAnother(context, customerId, timeOf(event)))
    );
  },
  claimableFor: ({ context, event }: ActionArgs) =>
    !heldByAnother(context, message(event, 'claimFor')?.customerId, timeOf(event)),

  // claims
  unclaimed: ({ context }: ActionArgs) => context.claim === null,
  sameClaim: ({ context, event }: ActionArgs) => {
    const claim = message(event, 'claim');
    return (
      claim !== null &&
      claim.wabaId === context.claim?.wabaId &&
      (claim.phoneNumberId === undefined ||
        context.claim.phoneNumberId === null ||
        claim.phoneNumberId === context.claim.phoneNumberId)
    );
  },
  sameClaimFor: ({ context, event }: ActionArgs) => {
    const claim = message(event, 'claimFor');
    return claim !== null && claim.wabaId === (context.claim ?? context.claiming)?.wabaId;
  },
  claimRegistered: ({ event }: ActionArgs) => claimFoundIn(event)?.registered === true,
  claimVerified: ({ event }: ActionArgs) => claimFoundIn(event)?.verified === true,
  claimLapsed: ({ event }: ActionArgs) => claimFoundIn(event)?.verified === false,
  /** Looked for often enough: nobody took it, or another than was said, whom reconcile finds once the number is unclaimed. */
  claimUntrue: ({ context, event }: ActionArgs) =>
    answer(event, 'confirmClaim')?.found === false && (context.claim?.misses ?? 0) + 1 >= CLAIM_TRIES,

  /** Its deadline is the end of its verification. */
  stillVerified: ({ context }: ActionArgs) =>
    context.deadline !== null && context.deadline.at === context.verificationExpiresAt,
  neverAdded: ({ context }: ActionArgs) => context.preverifiedId === null,
  neverVerified: ({ context }: ActionArgs) => context.verifiedAt === null,

  // registration
  /** Ten tries in 72 hours are all that Meta allows, and an app-onboarded number stays on the phone's app. */
  registrable: ({ context, event }: ActionArgs) =>
    !staysOnApp(context) && registrableFrom(context, timeOf(event)) <= timeOf(event),
  pinAgrees: ({ context, event }: ActionArgs) => {
    const pin = message(event, 'register')?.pin;
    return pin === undefined || pin === context.pin;
  },

  // sharing
  shared: ({ context, event }: ActionArgs) => {
    const partner = message(event, 'share')?.partnerBusinessId;
    return context.claim === null && partner !== undefined && willBeShared(context, partner);
  },
  notShared: ({ context, event }: ActionArgs) => {
    const partner = message(event, 'unshare')?.partnerBusinessId;
    return context.claim === null && partner !== undefined && !willBeShared(context, partner);
  },
};

const isAddedVerified = (event: NumberEvent) => answer(event, 'addNumber')?.verification.verified === true;

/** It was verified once, before we had it: the 90 days of `Added` are not its deadline. */
function isAddedLapsed(event: NumberEvent): boolean {
  const verification = answer(event, 'addNumber')?.verification;
  return verification?.verified === false && verification.verifiedAt !== null;
}

const isPastDeadline = ({ deadline }: NumberContext, at: number) => deadline !== null && at >= deadline.at;

export function mayAskAgain(context: NumberContext, at: number): boolean {
  const { automation, claim, verifiedAt, code } = context;
  const own = claim || verifiedAt === null ? automation.requestCode : automation.reverify;
  const free = code?.again === false && context.resumeAt === null && !isPastDeadline(context, at);
  return own && free && codesOfTheDay(context, at).length < OWN_CODE_REQUESTS;
}

/** A number that its owner keeps on the WhatsApp Business app must never be registered for Cloud API. */
export const staysOnApp = ({ claim }: NumberContext) =>
  claim?.source.includes('FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING') === true;

/** The claim that the number has now was read back from the WABA. */
export const claimConfirmed = ({ claim, ended: { confirmClaim } }: NumberContext) =>
  claim !== null && confirmClaim?.failure === null && confirmClaim.at >= claim.claimedAt;

function isWorthAnotherTry(event: NumberEvent): boolean {
  const handling = refusalIn(event)?.refusal.handling;
  return handling === 'wait' || handling === 'account' || handling === 'codeNotSent';
}

const holdsCode = ({ code }: NumberContext) => (code?.held.length ?? 0) > 0;

function isCodeNew(context: NumberContext, event: NumberEvent): boolean {
  const code = message(event, 'submitCode')?.code;
  return code !== undefined && context.code?.wrong.includes(code) !== true;
}

function isCodeAlive(context: NumberContext, at: number): boolean {
  return at < (codeDiesAt(context) ?? -Infinity);
}

export function heldByAnother(context: NumberContext, customerId: string | undefined, at: number): boolean {
  return (
    context.reservation !== null &&
    at < context.reservation.until &&
    context.reservation.customerId !== customerId
  );
}

/** Whether a partner has the number once everything that is queued is done. */
function willBeShared(context: NumberContext, partner: NumberContext['sharedWith'][number]): boolean {
  const last = context.sharing.filter(({ partnerBusinessId }) => partnerBusinessId === partner).at(-1);
  return last ? last.action === 'share' : context.sharedWith.includes(partner);
}

function isReservable(context: NumberContext, event: NumberEvent): boolean {
  const customerId = message(event, 'reserve')?.customerId;
  return context.claim === null && !heldByAnother(context, customerId, timeOf(event));
}

/** Meta's pool did not have the number when it was last read, whatever problem it has had since. */
export const isGone = ({ ended }: NumberContext) => ended.readNumber?.failure?.code === 'NotInPool';
