import type { CodeTarget } from '../../contract/number-activities';
import type { Call, NumberContext } from './context';
import { timeOf, type ActionArgs } from './events';
import {
  CODE_LIFE,
  DOUBTFUL_CODE_WAIT,
  LATER_CODE_REQUESTS,
  OWN_CODE_REQUESTS,
  OWN_CODE_REQUESTS_SPAN,
  REGISTRATIONS,
  REGISTRATIONS_SPAN,
  WRONG_CODES,
} from '../../contract/policy';

/** From when on a verified number can be verified anew: the last part of its verification (rule 3). */
export function reverifyFrom(context: NumberContext): number | null {
  return context.verificationExpiresAt === null
    ? null
    : context.verificationExpiresAt - context.policy.reverifyWindow;
}

/** When the code that was asked for last dies, if one may be under way. */
export function codeDiesAt(context: NumberContext): number | null {
  return context.code?.sentAt == null ? null : context.code.sentAt + CODE_LIFE;
}

/**
 * When a code is handed in that may be another service's: a minute after it came, for WhatsApp's goes first, and never as
 * the last try of the round.
 */
export function doubtfulCodeDueAt(context: NumberContext): number | null {
  const [first] = context.code?.doubtful ?? [];
  const dies = codeDiesAt(context);
  if (!first || !context.code || dies === null || context.code.wrong.length + 1 >= WRONG_CODES) return null;
  const due = Math.max(first.at + DOUBTFUL_CODE_WAIT, context.code.uncheckedUntil ?? 0);
  return due < dies ? due : null;
}

/**
 * When another code is asked for, because something came that is none; not before Meta's own wait is over, and codes that wait
 * to be handed in have been.
 */
export function asksForAnotherAt(context: NumberContext): number | null {
  const { code, resumeAt } = context;
  const waits = resumeAt !== null || code?.uncheckedUntil != null || doubtfulCodeDueAt(context) !== null;
  return waits ? null : (code?.missed?.askAt ?? null);
}

/** Moments of the last `span` before `at`: what a rolling budget counts. */
export const within = (moments: readonly number[], span: number, at: number) =>
  moments.filter((moment) => moment > at - span);

export const codesOfTheDay = (context: NumberContext, at: number) =>
  within(context.codesSentAt, OWN_CODE_REQUESTS_SPAN, at);

/** When the number may be registered again: ten tries in any 72 hours are all that Meta allows. */
export const registrableFrom = ({ registeringAt }: NumberContext, at: number) =>
  openFrom(within(registeringAt, REGISTRATIONS_SPAN, at), REGISTRATIONS, REGISTRATIONS_SPAN, at);

/** When a rolling budget has room again: once the oldest of its last `budget` moments is out of its span. */
function openFrom(moments: readonly number[], budget: number, span: number, at: number): number {
  const first = moments.at(-budget);
  return first === undefined ? at : first + span;
}

/**
 * When the number next renews by itself: first somewhere in the first half of its window, each number at a place of its
 * own, so that numbers that were added together do not ask together; after that the sooner the nearer its expiry.
 */
export function renewsAt(context: NumberContext, at: number): number | null {
  const { verificationExpiresAt: expiry, policy, automation, phoneNumber } = context;
  if (expiry === null || !automation.reverify) return null;
  const first = Math.round(expiry - policy.reverifyWindow * (1 - place(phoneNumber) / 2));
  if (at < first) return Math.max(first, ownCodeFrom(context, at));
  const next = at + Math.max((expiry - at) / 4, policy.reverifyWindow / 360);
  const possible = Math.max(Math.round(next), ownCodeFrom(context, at));
  return possible < expiry ? possible : null;
}

/**
 * When a number that is not verified next asks for a code by itself: at once the first time, then after a day and later
 * and later, for a telephone that is silent today may speak tomorrow. `since`: when it began to need one.
 */
export function asksForCodeAt(context: NumberContext, at: number, since: number): number {
  const asked = context.ended.requestCode;
  if (!asked || asked.at < since) return ownCodeFrom(context, at);
  const { shortest, longest } = LATER_CODE_REQUESTS;
  const later = at + Math.min(Math.max(at - since, shortest), longest);
  return Math.max(later, notBefore(context, 'requestCode'));
}

/** Within the number's own budget, and not inside a wait that Meta has stated: such a wait outlives any deadline. */
const ownCodeFrom = (context: NumberContext, at: number) =>
  Math.max(
    openFrom(codesOfTheDay(context, at), OWN_CODE_REQUESTS, OWN_CODE_REQUESTS_SPAN, at),
    notBefore(context, 'requestCode'),
  );

export const notBefore = ({ ended }: NumberContext, call: Call) => ended[call]?.notBefore ?? -Infinity;

/** A place between 0 and 1 that is the number's for good: FNV-1a, then stirred, for neighbours differ in their last digits alone. */
function place(digits: string): number {
  let hash = 0x811c9dc5;
  for (const digit of digits) hash = Math.imul(hash ^ digit.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A claimed number's codes go to the business phone number, for the pre-verified one is gone (rule 4). */
export function codeTarget({ claim, preverifiedId }: NumberContext): CodeTarget | null {
  if (claim?.phoneNumberId) return { kind: 'business', id: claim.phoneNumberId, wabaId: claim.wabaId };
  return preverifiedId === null ? null : { kind: 'preverified', id: preverifiedId };
}

/** XState's delays, each from the absolute time that it stands for; `Infinity` where there is none. */
const until =
  (...times: ((context: NumberContext) => number | null | undefined)[]) =>
  ({ context, event }: ActionArgs): number => {
    const next = Math.min(...times.map((time) => time(context) ?? Infinity));
    return next - timeOf(event);
  };

const deadline = (context: NumberContext) => context.deadline?.at;
const resume = (context: NumberContext) => context.resumeAt;

export const delays = {
  resume: until(resume),
  resumeOrDeadline: until(resume, deadline),
  codeStaleMissedOrDeadline: until(codeDiesAt, asksForAnotherAt, deadline, doubtfulCodeDueAt),
  renewable: until(reverifyFrom),
  keptCodeEnd: until(({ keptCode }) => keptCode && keptCode.at + CODE_LIFE),
  reservationEnd: until(({ reservation }) => reservation?.until),
  nextLook: until(({ reportedClaims }) => Math.min(...reportedClaims.map(({ lookAt }) => lookAt))),
};
