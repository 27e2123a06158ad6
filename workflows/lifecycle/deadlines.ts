import type { CodeTarget } from '../../activities/interface';
import type { NumberContext } from './context';
import { timeOf, type Moment } from './events';
import { CODE_LIFE, OWN_CODE_REQUESTS_SPAN, REGISTRATIONS, REGISTRATIONS_SPAN } from './policy';

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

/** Moments of the last `span` before `at`: what a rolling budget counts. */
export const within = (moments: readonly number[], span: number, at: number) =>
  moments.filter((moment) => moment > at - span);

export const codesOfTheDay = (context: NumberContext, at: number) =>
  within(context.codesSentAt, OWN_CODE_REQUESTS_SPAN, at);

/** When the number may be registered again: ten tries in any 72 hours are all that Meta allows. */
export function registrableFrom(context: NumberContext, at: number): number {
  const tries = within(context.registeringAt, REGISTRATIONS_SPAN, at);
  const first = tries.at(-REGISTRATIONS);
  return first === undefined ? at : first + REGISTRATIONS_SPAN;
}

/**
 * When the number next renews by itself: first somewhere in the first half of its window, each number at a place of its
 * own, so that numbers that were added together do not ask together; after that the sooner the nearer its expiry.
 */
export function renewsAt(context: NumberContext, at: number): number | null {
  const { verificationExpiresAt: expiry, policy, automation, phoneNumber } = context;
  if (expiry === null || !automation.reverify) return null;
  const first = expiry - policy.reverifyWindow * (1 - place(phoneNumber) / 2);
  if (at < first) return first;
  const next = at + Math.max((expiry - at) / 4, policy.reverifyWindow / 360);
  return next < expiry ? Math.round(next) : null;
}

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
  if (claim?.phoneNumberId) return { kind: 'business', id: claim.phoneNumberId };
  return preverifiedId === null ? null : { kind: 'preverified', id: preverifiedId };
}

/** XState's delays, each from the absolute time that it stands for; `Infinity` where there is none. */
const until =
  (...times: ((context: NumberContext) => number | null | undefined)[]) =>
  ({ context, event }: Moment): number => {
    const next = Math.min(...times.map((time) => time(context) ?? Infinity));
    return next - timeOf(event);
  };

const deadline = (context: NumberContext) => context.deadline?.at;
const goOn = (context: NumberContext) => context.goOnAt;

export const delays = {
  deadline: until(deadline),
  goOn: until(goOn),
  goOnOrDeadline: until(goOn, deadline),
  codeStaleOrDeadline: until(codeDiesAt, deadline),
  renewable: until(reverifyFrom),
  keptCodeEnd: until((context) => context.keptCode && context.keptCode.at + CODE_LIFE),
  reservationEnd: until((context) => context.reservation?.until),
};
