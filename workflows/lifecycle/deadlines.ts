import type { CodeTarget } from '../../activities/interface';
import type { NumberContext } from './context';
import { timeOf, type Moment } from './events';
import { CODE_LIFE } from './policy';

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
  reservationEnd: until((context) => context.reservation?.until),
};
