import type { Verification } from '../../../contract/number-activities';
import { assertDefined } from '../assert-defined';
import type { NumberContext } from '../context';
import { asksForCodeAt, renewsAt } from '../deadlines';
import { isVerified, timeOf, verificationIn, type ActionArgs } from '../events';
import { fail, seenInPool, type ContextPatch } from './context-patch';
import { registrationDue } from './registration';

export const verificationActions = {
  recordVerification: ({ context, event }: ActionArgs): ContextPatch => {
    const at = timeOf(event);
    const stated = verificationIn(event);
    return context.claim
      ? { verifiedAt: stated?.verifiedAt ?? at, keptCode: null, ...registrationDue(context, at, at) }
      : verifiedUntil(context, at, stated);
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
  noteGone: ({ context, event }: ActionArgs): ContextPatch => ({
    gone: true,
    ...fail(context, 'readNumber', timeOf(event), {
      type: 'NotInPool',
      code: 'NotInPool',
      message: "The number is not in Meta's pool any more.",
      whatToDo:
        'Somebody claimed or removed it: reconcile looks for the claim; if there is none, send remove.',
      needsPerson: true,
    }),
  }),
  noteFound: ({ context }: ActionArgs): ContextPatch => seenInPool(context),
  recordLapse: ({ context, event }: ActionArgs): ContextPatch => {
    const stated = verificationIn(event);
    return {
      deadline: null,
      resumeAt: null,
      ...(stated && verifiedAsStated(context, timeOf(event), stated)),
    };
  },
};

/** A number of the pool as Meta states it. */
export function verifiedAsStated(context: NumberContext, at: number, stated: Verification): ContextPatch {
  if (isVerified(stated, at)) return verifiedUntil(context, at, stated);
  const verifiedAt = stated.verifiedAt ?? context.verifiedAt ?? (stated.verified ? stated.expiresAt : null);
  // Meta's word goes before an expiry that is still to come.
  const over = context.verificationExpiresAt !== null && context.verificationExpiresAt <= at;
  return {
    verifiedAt,
    verificationExpiresAt: stated.expiresAt ?? (over ? context.verificationExpiresAt : null),
    deadline: verifiedAt === null ? removal(context) : null,
    resumeAt: null,
  };
}

/** Meta's own expiry goes before arithmetic (rule 5). */
function verifiedUntil(context: NumberContext, at: number, stated: Verification | null): ContextPatch {
  const verifiedAt = stated?.verifiedAt ?? at;
  const verificationExpiresAt = stated?.expiresAt ?? verifiedAt + context.policy.verifiedFor;
  return {
    verifiedAt,
    verificationExpiresAt,
    deadline: { at: verificationExpiresAt, what: 'verification expires' },
    resumeAt: null,
    keptCode: null,
  };
}

/** 90 days unverified count from Meta's answer to add (rule 1). */
function removal({ addedAt, policy }: Pick<NumberContext, 'addedAt' | 'policy'>): NumberContext['deadline'] {
  return addedAt === null
    ? null
    : { at: addedAt + policy.removeUnverifiedAfter, what: 'removed from the pool unless verified' };
}
