import type { Claim, NumberContext } from '../context';
import { asksForCodeAt } from '../deadlines';
import {
  answer,
  claimFoundIn,
  message,
  timeOf,
  verificationIn,
  type ActionArgs,
  type NumberEvent,
} from '../events';
import { heldByAnother, staysOnApp } from '../guards';
import { assertDefined } from '../assert-defined';
import { CLAIM_RETRY, CLAIM_SETTLES } from '../../../contract/policy';
import { fail, type ContextPatch } from './context-patch';
import { dueRegistration } from './registration';
import { stands } from './verification';

export const claimActions = {
  recordClaim: ({ context, event }: ActionArgs): ContextPatch => {
    const at = timeOf(event);
    const claim = claimIn(event, at, context);
    const robbed = heldByAnother(context, claim.customerId ?? undefined, at) ? context.reservation : null;
    return {
      ...leavePoolFor(context, claim),
      ...(robbed && {
        problem: {
          about: 'confirmClaim' as const,
          since: at,
          type: 'Reserved',
          code: 'ReservedForAnother',
          message: `Customer ${assertDefined(claim.customerId)} took the number while it was reserved for ${robbed.customerId}.`,
          whatToDo: `Offer ${robbed.customerId} another number; the claim stands, for Meta has made it.`,
          needsPerson: true,
        },
      }),
    };
  },
  /** The same claim again may bring the ID that the first report lacked. */
  completeClaim: ({ context, event }: ActionArgs): ContextPatch => {
    const reported = assertDefined(message(event, 'claim'));
    const claim = assertDefined(context.claim);
    return {
      claim: {
        ...claim,
        phoneNumberId: claim.phoneNumberId ?? reported.phoneNumberId ?? null,
        businessId: claim.businessId ?? reported.businessId ?? null,
        customerId: claim.customerId ?? reported.customerId ?? null,
      },
    };
  },
  beginClaimFor: ({ context, event }: ActionArgs): ContextPatch => ({
    claiming: claimIn(event, timeOf(event), context),
  }),
  endClaimFor: (): ContextPatch => ({ claiming: null }),
  recordClaimedFor: ({ context, event }: ActionArgs): ContextPatch =>
    leavePoolFor(context, {
      ...assertDefined(context.claiming),
      phoneNumberId: assertDefined(answer(event, 'claimNumber')).phoneNumberId,
      claimedAt: timeOf(event),
    }),
  recordConfirmed: ({ context, event }: ActionArgs): ContextPatch => {
    const { phoneNumberId, pin } = assertDefined(claimFoundIn(event));
    return {
      claim: { ...assertDefined(context.claim), phoneNumberId, misses: 0 },
      sharedWith: [],
      pin: context.pin ?? pin,
    };
  },
  /** 90 days to register count from the claim (rule 4). */
  awaitRegistration: ({ context, event }: ActionArgs): ContextPatch =>
    dueRegistration(context, timeOf(event), assertDefined(context.claim).claimedAt),
  noteClaimMissing: ({ context, event }: ActionArgs): ContextPatch => {
    const claim = assertDefined(context.claim);
    const misses = claim.misses + 1;
    const at = timeOf(event);
    return {
      claim: { ...claim, misses },
      resumeAt: at + CLAIM_RETRY * 2 ** Math.min(misses - 1, 8),
      ...fail(context, 'confirmClaim', at, {
        type: 'ClaimNotFound',
        code: 'ClaimNotFound',
        message: `WABA ${claim.wabaId} does not have the number, though ${claim.source} said so.`,
        whatToDo: 'It is looked for again. If the WABA was wrong, send claim with the right one.',
        needsPerson: misses >= CLAIM_SETTLES,
      }),
    };
  },
  endClaim: ({ context, event }: ActionArgs): ContextPatch => {
    const at = timeOf(event);
    const { verifiedAt, verificationExpiresAt: expiresAt } = context;
    // Gone from the pool: it stays as it was until somebody knows better.
    const stood = { verified: expiresAt !== null && at < expiresAt, verifiedAt, expiresAt };
    return { claim: null, ...stands(context, at, verificationIn(event) ?? stood) };
  },
  /** What stands between a claim and its registration is done by the number itself where it registers by itself. */
  recordClaimLapse: ({ context, event }: ActionArgs): ContextPatch => ({
    deadline: null,
    resumeAt:
      context.automation.register && !staysOnApp(context)
        ? asksForCodeAt(context, timeOf(event), assertDefined(context.claim).claimedAt)
        : null,
    code: null,
  }),
};

/**
 * Claimed: what belonged to the pool ends, and what was asked for an earlier claim; a share that is under way is left to
 * end by itself.
 */
function leavePoolFor(context: NumberContext, claim: Claim): ContextPatch {
  return {
    claim,
    claiming: null,
    asked: { ...context.asked, registration: false },
    pin: null,
    dataLocalizationRegion: null,
    code: null,
    deadline: null,
    resumeAt: null,
    reservation: null,
    sharing: context.sharing.slice(0, context.sharingUnderWay ? 1 : 0),
  };
}

function claimIn(event: NumberEvent, at: number, { reservation }: NumberContext): Claim {
  const reported = message(event, 'claim');
  const asked = message(event, 'claimFor');
  const { wabaId, customerId } = assertDefined(reported ?? asked);
  return {
    wabaId,
    phoneNumberId: reported?.phoneNumberId ?? null,
    businessId: reported?.businessId ?? null,
    // A number that was held for a customer has gone to that customer, unless somebody knows better.
    customerId: customerId ?? reservation?.customerId ?? null,
    source: reported?.source ?? 'API',
    claimedAt: at,
    verifiedName: asked?.verifiedName ?? null,
    misses: 0,
  };
}
