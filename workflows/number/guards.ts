import { readCode } from '../../contract/code';
import { isWhatsApps } from '../../contract/code-origin';
import { mayBePart } from '../../contract/code-parts';
import type { Message } from '../../contract/messages';
import type { Verification } from '../../contract/number-activities';
import {
  OPEN_REPORTS,
  OWN_CODE_REQUESTS,
  QUEUED_SHARING,
  REPORTS_PER_RESERVATION,
  WRONG_CODES,
} from '../../contract/policy';
import type { Claim, NumberContext, ReportedClaim } from './context';
import { codeDiesAt, codesOfTheDay, doubtfulCodeDueAt, registrableFrom } from './deadlines';
import {
  answer,
  claimFoundIn,
  failureIn,
  isVerified,
  message,
  timeOf,
  type ActionArgs,
  type NumberEvent,
} from './events';

/** The chart's conditions. All of them are total: a guard that throws would fail the workflow task. */
export const guards = {
  // time
  deadlinePassed: ({ context, event }: ActionArgs) => isPastDeadline(context, timeOf(event)),
  cameFromAdded: ({ context }: ActionArgs) => context.deadline !== null,

  // adding
  removalAsked: ({ context }: ActionArgs) => context.asked.removal,
  codeAsked: ({ context }: ActionArgs) => context.asked.code,
  addedVerified: ({ event }: ActionArgs) =>
    saysVerified(answer(event, 'addNumber')?.verification, timeOf(event)),
  /** Verified once, before we had it: the 90 days of `Added` are not its deadline. */
  addedLapsed: ({ event }: ActionArgs) => {
    const verification = answer(event, 'addNumber')?.verification;
    const once = verification?.verified === true || (verification?.verifiedAt ?? null) !== null;
    return once && !saysVerified(verification, timeOf(event));
  },

  // codes
  alreadyVerified: ({ event }: ActionArgs) => {
    const requested = answer(event, 'requestCode');
    return requested?.outcome === 'alreadyVerified' && saysVerified(requested.verification, timeOf(event));
  },
  /** Meta sends no code, for it has not noticed yet that the verification is over. */
  verifiedBefore: ({ event }: ActionArgs) => answer(event, 'requestCode')?.outcome === 'alreadyVerified',
  codeRight: ({ event }: ActionArgs) => answer(event, 'verifyCode')?.outcome === 'verified',
  codeHeld: ({ context }: ActionArgs) => (context.code?.held.length ?? 0) > 0,
  /** The fifth wrong code of the round: this one and those before it. */
  attemptsSpent: ({ context }: ActionArgs) => (context.code?.wrong.length ?? 0) + 1 >= WRONG_CODES,
  codeNew: ({ context, event }: ActionArgs) => {
    const code = message(event, 'submitCode')?.code;
    return code !== undefined && context.code?.wrong.includes(code) !== true;
  },
  codeWrong: ({ context, event }: ActionArgs) => {
    const code = message(event, 'submitCode')?.code;
    return code !== undefined && context.code?.wrong.includes(code) === true;
  },
  /** More than Meta may be asked about in a round. */
  codesHeldFull: ({ context }: ActionArgs) => (context.code?.held.length ?? 0) >= WRONG_CODES,
  /** A text while a code is awaited, and not WhatsApp's as far as it tells. */
  codeDoubtful: ({ event }: ActionArgs) => message(event, 'receiveCode')?.doubtful === true,
  doubtfulCodeDue: ({ context, event }: ActionArgs) =>
    timeOf(event) >= (doubtfulCodeDueAt(context) ?? Infinity),
  /** Held, or with Meta now. */
  codeKnown: ({ context, event }: ActionArgs) => {
    const code = message(event, 'submitCode')?.code;
    return (
      code !== undefined && (context.code?.held.includes(code) === true || context.code?.submitted === code)
    );
  },
  /** The code that verified the number, once more. */
  codeAccepted: ({ context, event }: ActionArgs) => {
    const code = message(event, 'submitCode')?.code;
    return code !== undefined && code === context.code?.accepted;
  },
  /** A code that was sent is still good. */
  codeAlive: ({ context, event }: ActionArgs) => isCodeAlive(context, timeOf(event)),
  codeStale: ({ context, event }: ActionArgs) => timeOf(event) >= (codeDiesAt(context) ?? Infinity),
  /** Another code was asked for, and Meta said when. */
  putOff: ({ context }: ActionArgs) => context.resumeAt !== null,
  /** Meta would not check the code, and its wait is not over. */
  checkingWaits: ({ context, event }: ActionArgs) => (context.code?.uncheckedUntil ?? 0) > timeOf(event),
  /** A round that brought no right code is followed by one more, of the number's own accord and within its budget. */
  mayAskAgain: ({ context, event }: ActionArgs) => mayAskAgain(context, timeOf(event)),

  // what came in place of a code
  textWithoutCode: ({ event }: ActionArgs) => isWithoutCode(event),
  /** Another code will be asked for sooner than the number had meant to. */
  asksSooner: ({ context, event }: ActionArgs) => {
    const undelivered = message(event, 'receiveCode')?.undelivered !== undefined;
    const waits = context.code?.missed?.askAt ?? null;
    return isWithoutCode(event) && (waits === null || undelivered) && mayAskAgain(context, timeOf(event));
  },
  partOfText: ({ event }: ActionArgs) => {
    const received = message(event, 'receiveCode');
    return received !== null && isPart(received);
  },

  // codes that nobody here asked for
  textHoldsCode: ({ event }: ActionArgs) => readCode(message(event, 'receiveCode')?.text ?? '') !== null,
  codeKept: ({ context }: ActionArgs) => context.keptCode !== null,
  /** A text that names nobody may be any service's: who is shown it could take over an account there. */
  fromWhatsApp: ({ event }: ActionArgs) => isWhatsApps(message(event, 'receiveCode')?.text ?? ''),
  /** Whoever takes the number has to enter a code: it was verified once, or is claimed, and no deadline holds any more. */
  needsCode: ({ context }: ActionArgs) =>
    context.deadline === null && (context.claim !== null || context.verifiedAt !== null),
  /** The customer who holds the reservation or the claim, and operators, who name no customer. */
  codeForSender: ({ context, event }: ActionArgs) => {
    const customerId = message(event, 'takeCode')?.customerId;
    return (
      customerId === undefined ||
      context.reservation?.customerId === customerId ||
      context.claim?.customerId === customerId
    );
  },

  // the status, read again
  inPool: ({ context }: ActionArgs) => context.preverifiedId !== null,
  readVerified: ({ event }: ActionArgs) => saysVerified(answer(event, 'readNumber'), timeOf(event)),
  readLapsed: ({ event }: ActionArgs) => answer(event, 'readNumber')?.verified === false,
  /** Claimed or removed behind our back. */
  readNothing: ({ context, event }: ActionArgs) =>
    context.claim === null && answer(event, 'readNumber') === null,
  readAsKnown: ({ context, event }: ActionArgs) => {
    const read = answer(event, 'readNumber');
    return (
      read?.verified === true &&
      (read.expiresAt ?? context.verificationExpiresAt) === context.verificationExpiresAt
    );
  },

  // after a failed call
  worthAnotherTry: ({ event }: ActionArgs) => {
    const handling = failureIn(event)?.failure.handling;
    return handling === 'wait' || handling === 'account' || handling === 'codeNotSent';
  },
  neitherMethodSends,
  /** It may have been done. */
  unanswered: ({ event }: ActionArgs) => failureIn(event)?.failure.unanswered === true,
  statesWait: ({ event }: ActionArgs) => (failureIn(event)?.failure.retryAfter ?? 0) > 0,
  verifyFirst: ({ event }: ActionArgs) => failureIn(event)?.failure.handling === 'verifyFirst',

  // reservations
  heldByAnother: ({ context, event }: ActionArgs) => heldByAnother(context, customerIn(event), timeOf(event)),
  /** `release` by an operator names no customer. */
  namesNobody: ({ event }: ActionArgs) => customerIn(event) === undefined,
  /** The message names a reservation that has ended. Once Meta has shown a claim, that claim's reservation counts instead. */
  reservationEnded: ({ context, event }: ActionArgs) => {
    const named = reservationIn(event);
    return named !== undefined && named !== (context.claim?.reservationId ?? context.reservation?.id);
  },
  /** Each report has Meta asked several times: one reservation pays for a few. */
  reportsSpent: ({ context, event }: ActionArgs) => {
    const claim = message(event, 'claim');
    if (!claim?.reservationId) return false;
    const { reportedClaims } = context;
    const own = reportedClaims.filter(({ reservationId }) => reservationId === claim.reservationId);
    return own.length >= REPORTS_PER_RESERVATION && !reportedClaims.some((one) => isSameReport(one, claim));
  },
  goneFromPool: ({ context }: ActionArgs) => context.gone,

  // claims
  unclaimed: ({ context }: ActionArgs) => context.claim === null,
  /** Each open report is looked for, so there are a few at a time; one that Meta did not show makes room. */
  reportsFull: ({ context, event }: ActionArgs) => {
    const { reportedClaims: reports } = context;
    const claim = message(event, 'claim');
    const known = reports.some(
      (report) => report.wabaId === claim?.wabaId && isReported(report, claim.phoneNumberId),
    );
    return !known && reports.length >= OPEN_REPORTS && reports.slice(1).every(({ looks }) => looks === 0);
  },
  claimReported: ({ context }: ActionArgs) => context.reportedClaims.length > 0,
  /** A customer is said to have it, and nothing says yet that this is untrue. */
  mayBeClaimed: ({ context }: ActionArgs) =>
    context.reportedClaims.some((reported) => keepsNumber(context, reported)),
  /** Somebody else is said to have taken it: it is not for this customer meanwhile. */
  reportedForAnother: ({ context, event }: ActionArgs) => {
    const customerId = customerIn(event);
    return context.reportedClaims.some(
      (reported) =>
        keepsNumber(context, reported) &&
        (reported.customerId === null || reported.customerId !== customerId),
    );
  },
  claimFound: ({ event }: ActionArgs) => claimFoundIn(event) !== null,
  claimRegistered: ({ event }: ActionArgs) => claimFoundIn(event)?.registered === true,
  claimVerified: ({ event }: ActionArgs) => claimFoundIn(event)?.verified === true,
  claimOfWaba: ({ context, event }: ActionArgs) =>
    context.claim?.wabaId === message(event, 'endClaim')?.wabaId,
  sameClaim: ({ context, event }: ActionArgs) => {
    const claim = message(event, 'claim');
    return (
      claim !== null &&
      context.claim?.wabaId === claim.wabaId &&
      isReported(context.claim, claim.phoneNumberId)
    );
  },
  sameClaimFor: ({ context, event }: ActionArgs) => {
    const wabaId = message(event, 'claimFor')?.wabaId;
    return wabaId !== undefined && wabaId === (context.claim ?? context.claiming)?.wabaId;
  },

  // registration
  staysOnApp: ({ context }: ActionArgs) => staysOnApp(context),
  saysOnApp: ({ event }: ActionArgs) => saysOnApp(message(event, 'claim')?.source),
  /** Ten tries in 72 hours are all that Meta allows. */
  budgetLeft: ({ context, event }: ActionArgs) => registrableFrom(context, timeOf(event)) <= timeOf(event),
  pinAgrees: ({ context, event }: ActionArgs) => {
    const pin = message(event, 'register')?.pin;
    return pin === undefined || pin === context.pin;
  },
  regionAgrees: ({ context, event }: ActionArgs) => {
    const region = message(event, 'register')?.dataLocalizationRegion;
    return region === undefined || region === context.dataLocalizationRegion;
  },

  // sharing
  sharingToDo: ({ context }: ActionArgs) => context.sharing.length > 0 && context.preverifiedId !== null,
  sharingFull: ({ context }: ActionArgs) => context.sharing.length >= QUEUED_SHARING,
  sharedAlready: ({ context, event }: ActionArgs) => {
    const partner = message(event, 'share')?.partnerBusinessId;
    return partner !== undefined && willBeShared(context, partner);
  },
  unsharedAlready: ({ context, event }: ActionArgs) => {
    const partner = message(event, 'unshare')?.partnerBusinessId;
    return partner !== undefined && !willBeShared(context, partner);
  },
};

const saysVerified = (stated: Verification | null | undefined, at: number) =>
  stated != null && isVerified(stated, at);

const isWithoutCode = (event: NumberEvent) => {
  const received = message(event, 'receiveCode');
  return received !== null && readCode(received.text) === null;
};

/** Parts are put together by their sender. */
export const isPart = ({ text, from }: Message<'receiveCode'>) => from !== undefined && mayBePart(text);

const isPastDeadline = ({ deadline }: NumberContext, at: number) => deadline !== null && at >= deadline.at;

export function mayAskAgain(context: NumberContext, at: number): boolean {
  const { automation, claim, verifiedAt, code } = context;
  const own = claim || verifiedAt === null ? automation.requestCode : automation.reverify;
  const free =
    code?.again === false &&
    context.resumeAt === null &&
    !isPastDeadline(context, at) &&
    !staysOnApp(context);
  return own && free && codesOfTheDay(context, at).length < OWN_CODE_REQUESTS;
}

/** Meta could send the code by the one method as little as by the other: haste does not help any more. */
export function neitherMethodSends({ context: { code }, event }: ActionArgs): boolean {
  const other = code && code.notSentBy !== null && code.notSentBy !== code.method;
  return other === true && failureIn(event)?.failure.handling === 'codeNotSent';
}

/** A number that its owner keeps on the WhatsApp Business app must never be registered for Cloud API. */
export const staysOnApp = ({ claim }: NumberContext) => saysOnApp(claim?.source);

export const saysOnApp = (source: string | undefined) =>
  source?.includes('FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING') === true;

const isCodeAlive = (context: NumberContext, at: number) => at < (codeDiesAt(context) ?? -Infinity);

const customerIn = (event: NumberEvent) =>
  (message(event, 'reserve') ?? message(event, 'release') ?? message(event, 'claimFor'))?.customerId;

export function heldByAnother(context: NumberContext, customerId: string | undefined, at: number): boolean {
  return (
    context.reservation !== null &&
    at < context.reservation.until &&
    context.reservation.customerId !== customerId
  );
}

const reservationIn = (event: NumberEvent) =>
  (
    message(event, 'release') ??
    message(event, 'claim') ??
    message(event, 'takeCode') ??
    message(event, 'refresh')
  )?.reservationId;

/**
 * Nobody else can have a number that is said to be taken. What a session of signup said keeps it no longer than its
 * reservation, once Meta has shown the number in the pool: else a false word would hold the number for longer.
 */
export const keepsNumber = ({ reservation }: NumberContext, reported: ReportedClaim) =>
  !reported.inPool || reported.reservationId === null || reported.reservationId === reservation?.id;

export const isSameReport = (
  reported: ReportedClaim,
  { wabaId, phoneNumberId }: Pick<Claim, 'wabaId'> & { phoneNumberId?: Claim['phoneNumberId'] | undefined },
) => reported.wabaId === wabaId && isReported(reported, phoneNumberId);

/** Two reports of one WABA are the same unless they name different business phone numbers. */
const isReported = (
  { phoneNumberId }: Pick<ReportedClaim, 'phoneNumberId'>,
  reported: ReportedClaim['phoneNumberId'] | undefined,
) => !reported || phoneNumberId === null || reported === phoneNumberId;

/** Whether a partner has the number once everything that is queued is done. */
function willBeShared(context: NumberContext, partner: NumberContext['sharedWith'][number]): boolean {
  const last = context.sharing.findLast(({ partnerBusinessId }) => partnerBusinessId === partner);
  return last ? last.action === 'share' : context.sharedWith.includes(partner);
}
