import type { Verification } from '../../../contract/number-activities';
import type { NumberContext } from '../context';
import { asksForCodeAt, renewsAt } from '../deadlines';
import { timeOf, verificationIn, type ActionArgs } from '../events';
import { assertDefined } from '../assert-defined';
import { fail, type ContextPatch } from './context-patch';
import { dueRegistration } from './registration';

export const verificationActions = {
  recordVerification: ({ context, event }: ActionArgs): ContextPatch => {
    const at = timeOf(event);
    const stated = verificationIn(event);
    if (context.claim) {
      return {
        verifiedAt: stated?.verifiedAt ?? at,
        ...dueRegistration(context, at),
      };
    }
    return verifiedUntil(context, at, stated);
  },
  planRenewal: ({ context, event }: ActionArgs): ContextPatch => ({
    resumeAt: renewsAt(context, timeOf(event)),
  }),
  planCode: ({ context, event }: ActionArgs): ContextPatch => {
    const { automation, verifiedAt, verificationExpiresAt, addedAt } = context;
    const since = assertDefined(verificationExpiresAt ?? verifiedAt ?? addedAt);
    const own = verifiedAt === null ? automation.requestCode : automation.reverify;
    return { resumeAt: own ? asksForCodeAt(context, timeOf(event), since) : null };
  },
  noteGone: ({ context, event }: ActionArgs): ContextPatch =>
    fail(context, 'readNumber', timeOf(event), {
      type: 'NotInPool',
      code: 'NotInPool',
      message: "The number is not in Meta's pool any more.",
      whatToDo:
        'Somebody claimed or removed it: reconcile looks for the claim; if there is none, send remove.',
      needsPerson: true,
    }),
  endReading: (): ContextPatch => ({ reading: false }),
  recordLapse: ({ context, event }: ActionArgs): ContextPatch => {
    const stated = verificationIn(event);
    return { deadline: null, resumeAt: null, ...(stated && stands(context, timeOf(event), stated)) };
  },
};

/** How a number of the pool stands by Meta's word. */
export function stands(context: NumberContext, at: number, stated: Verification): ContextPatch {
  if (stated.verified) return verifiedUntil(context, at, stated);
  const verifiedAt = stated.verifiedAt ?? context.verifiedAt;
  // An expiry still to come is what Meta's word has overtaken.
  const over = context.verificationExpiresAt !== null && context.verificationExpiresAt <= at;
  return {
    verifiedAt,
    verificationExpiresAt: stated.expiresAt ?? (over ? context.verificationExpiresAt : null),
    deadline: verifiedAt === null ? removal(context) : null,
    resumeAt: null,
  };
}

/** Meta's own expiry wins over arithmetic (rule 5). */
function verifiedUntil(context: NumberContext, at: number, stated: Verification | null): ContextPatch {
  const verifiedAt = stated?.verifiedAt ?? at;
  const verificationExpiresAt = stated?.expiresAt ?? verifiedAt + context.policy.verifiedFor;
  return {
    verifiedAt,
    verificationExpiresAt,
    deadline: { at: verificationExpiresAt, what: 'verification expires' },
    resumeAt: null,
  };
}

/** 90 days unverified, counted from Meta's answer to add (rule 1). */
function removal({ addedAt, policy }: Pick<NumberContext, 'addedAt' | 'policy'>): NumberContext['deadline'] {
  return addedAt === null
    ? null
    : { at: addedAt + policy.removeUnverifiedAfter, what: 'removed from the pool unless verified' };
}
