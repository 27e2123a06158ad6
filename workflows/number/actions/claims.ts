import { assertDefined } from '../assert-defined';
import type { Claim, NumberContext, NumberProblem, ReportedClaim } from '../context';
import { asksForCodeAt } from '../deadlines';
import { answer, claimFoundIn, failureIn, message, timeOf, type ActionArgs } from '../events';
import { heldByAnother, isSameReport, saysOnApp, staysOnApp } from '../guards';
import { CLAIM_LOOKS, OPEN_REPORTS } from '../../../contract/policy';
import { fail, seenInPool, type ContextPatch } from './context-patch';
import { registrationDue } from './registration';

export const claimActions = {
  /** Looked for at once, whatever else is reported; the same report again asks Meta once more. */
  reportClaim: ({ context, event }: ActionArgs): ContextPatch => {
    const reported = assertDefined(message(event, 'claim'));
    const { wabaId, phoneNumberId, businessId, customerId, source } = reported;
    return report(context, {
      wabaId,
      phoneNumberId: phoneNumberId ?? null,
      businessId: businessId ?? null,
      // A number that is held for a customer has gone to that customer, unless somebody knows better.
      customerId: customerId ?? context.reservation?.customerId ?? null,
      source,
      reservationId: reported.reservationId ?? null,
      by: reported.by ?? null,
      claimedAt: timeOf(event),
    });
  },
  /** Meta has taken a claim through the API, or may have where it gave no answer: the look reads the rest. */
  reportOwnClaim: ({ context, event }: ActionArgs): ContextPatch => {
    const { wabaId, customerId, by } = assertDefined(context.claiming);
    return {
      claiming: null,
      ...report(context, {
        wabaId,
        phoneNumberId: answer(event, 'claimNumber')?.phoneNumberId ?? null,
        businessId: null,
        customerId: customerId ?? context.reservation?.customerId ?? null,
        source: 'API',
        reservationId: null,
        by,
        claimedAt: timeOf(event),
      }),
    };
  },
  /** The one that is due first is looked for next. */
  chooseReport: ({ context }: ActionArgs): ContextPatch => ({
    reportedClaims: context.reportedClaims.toSorted((one, other) => one.lookAt - other.lookAt),
  }),
  /** Every end of a look counts, so that no report stays open for ever. */
  countLook: ({ context, event }: ActionArgs): ContextPatch => {
    const [looked, ...others] = context.reportedClaims;
    const reported = assertDefined(looked);
    const at = timeOf(event);
    const looks = reported.looks + 1;
    const wait = CLAIM_LOOKS[looks - 1];
    const failure = failureIn(event)?.failure;
    const answered = answer(event, 'confirmClaim');
    const why = answered?.found === false && answered.otherWaba === true ? falseWaba : undefined;
    const missed: NumberProblem = {
      type: failure ? 'MetaRefused' : 'ClaimNotFound',
      code: failure?.code ?? 'ClaimNotFound',
      message: failure
        ? `WABA ${reported.wabaId}, of which ${reported.source} said that it has the number, could not be looked up: ${failure.message}`
        : `WABA ${reported.wabaId} does not show the number, though ${reported.source} said that it was claimed${why ?? '.'}`,
      whatToDo:
        wait === undefined
          ? (failure?.whatToDo ??
            'If the WABA was wrong, send claim with the right one; reconcile looks for it, too.')
          : 'Meta is asked again in a while. If the WABA was wrong, send claim with the right one.',
      needsPerson: wait === undefined,
    };
    const noted = fail(context, 'confirmClaim', at, missed);
    // In the pool nothing has happened to the number: then a false report is nobody's business.
    const inPool = answered?.found === false && answered.pool !== null;
    return {
      // Before it was added it was in no pool.
      ...(answered && context.preverifiedId !== null && { gone: !inPool }),
      ...(inPool && seenInPool(context)),
      ended: assertDefined(noted.ended),
      ...(wait === undefined
        ? { reportedClaims: others, ...(!inPool && { problem: assertDefined(noted.problem) }) }
        : {
            reportedClaims: [
              {
                ...reported,
                looks,
                inPool,
                lookAt: at + Math.max(wait, failure?.retryAfter ?? 0),
                awaited: false,
              },
              ...others,
            ],
          }),
    };
  },
  /** Meta shows it: what belonged to the pool ends. A change of sharing that is under way ends by itself. */
  recordClaim: ({ context, event }: ActionArgs): ContextPatch => {
    const found = assertDefined(claimFoundIn(event));
    const {
      looks: _looks,
      lookAt: _lookAt,
      inPool: _inPool,
      awaited: _awaited,
      ...reported
    } = assertDefined(context.reportedClaims[0]);
    const { reservation } = context;
    const own = reservation?.customerId === reported.customerId ? reservation.id : undefined;
    const claim = {
      ...reported,
      phoneNumberId: found.phoneNumberId,
      reservationId: own ?? reported.reservationId,
    };
    return {
      claim,
      reportedClaims: [],
      claiming: null,
      pin: found.pin,
      dataLocalizationRegion: null,
      code: null,
      ...(found.verified && { keptCode: null }),
      reservation: null,
      sharedWith: [],
      sharing: context.sharing.slice(0, context.preverifiedId === null ? 0 : 1),
      // What was wrong with it in the pool is over, and that it is not there is explained.
      problem: null,
      ...registrationDue({ ...context, claim }, timeOf(event), claim.claimedAt),
      ...reservedForAnother(context, claim, timeOf(event)),
    };
  },
  beginClaimFor: ({ context, event }: ActionArgs): ContextPatch => {
    const { wabaId, verifiedName, customerId, by } = assertDefined(message(event, 'claimFor'));
    return {
      claiming: {
        wabaId,
        verifiedName,
        customerId: customerId ?? context.reservation?.customerId ?? null,
        by: by ?? null,
      },
    };
  },
  endClaimFor: (): ContextPatch => ({ claiming: null }),
  /** A repeat of the claim may bring what the first report lacked. */
  completeClaim: ({ context, event }: ActionArgs): ContextPatch => {
    const { businessId, customerId, source } = assertDefined(message(event, 'claim'));
    const claim = assertDefined(context.claim);
    return {
      claim: {
        ...claim,
        businessId: claim.businessId ?? businessId ?? null,
        customerId: claim.customerId ?? customerId ?? null,
        source: telling(claim.source, source),
      },
    };
  },
  /** A lapsed claim needs a code before the number can be registered; with `automation.register` the number asks for it. */
  recordClaimLapse: ({ context, event }: ActionArgs): ContextPatch => {
    const { automation, claim, deadline } = context;
    const at = timeOf(event);
    const claimLapsedAt = deadline && at >= deadline.at ? deadline.at : context.claimLapsedAt;
    const since = claimLapsedAt ?? assertDefined(claim).claimedAt;
    const own = automation.register && !staysOnApp(context);
    return {
      claimLapsedAt,
      deadline: null,
      resumeAt: own ? asksForCodeAt(context, at, since) : null,
      code: null,
    };
  },
  /** What was wrong with registering it is nobody's business any more; whose it is stays on record. */
  endClaim: (): ContextPatch => ({ problem: null, code: null, keptCode: null }),
};

/** A report that says the same as one before may bring what that lacked. */
function report({ reportedClaims }: NumberContext, claim: Claim): ContextPatch {
  const asked = { lookAt: claim.claimedAt, awaited: true };
  const isSame = (reported: ReportedClaim) => isSameReport(reported, claim);
  if (!reportedClaims.some(isSame)) {
    const added = { ...claim, looks: 0, inPool: false, ...asked };
    return { reportedClaims: [...withRoom(reportedClaims), added] };
  }
  return {
    reportedClaims: reportedClaims.map((reported) =>
      isSame(reported)
        ? {
            ...reported,
            phoneNumberId: reported.phoneNumberId ?? claim.phoneNumberId,
            businessId: reported.businessId ?? claim.businessId,
            customerId: reported.customerId ?? claim.customerId,
            reservationId: reported.reservationId ?? claim.reservationId,
            source: telling(reported.source, claim.source),
            ...asked,
            lookAt: Math.min(reported.lookAt, claim.claimedAt),
          }
        : reported,
    ),
  };
}

/** The first word stands, but for what must not be lost: that the number stays on the app, whoever says so in whatever order. */
const telling = (known: string, later: string) => (saysOnApp(later) && !saysOnApp(known) ? later : known);

/** The one that was looked for most often makes room; not the first one, which may be looked for now. */
function withRoom([first, ...others]: ReportedClaim[]): ReportedClaim[] {
  if (!first) return [];
  if (others.length + 1 < OPEN_REPORTS) return [first, ...others];
  const most = Math.max(...others.map(({ looks }) => looks));
  const leaves = others.findIndex(({ looks }) => looks === most);
  return [first, ...others.toSpliced(leaves, 1)];
}

const falseWaba =
  ': its business phone number is on another WABA, so this one was wrong. Send claim with the right one.';

/** A claim that Meta shows is a fact: it ends the reservation, and somebody must be told whose it was. */
function reservedForAnother(context: NumberContext, claim: Claim, at: number): ContextPatch {
  const { reservation } = context;
  if (!reservation || !heldByAnother(context, claim.customerId ?? undefined, at)) return {};
  return {
    problem: {
      about: 'confirmClaim',
      since: at,
      type: 'Reserved',
      code: 'ReservedForAnother',
      message: `${claim.customerId === null ? `WABA ${claim.wabaId}` : `Customer ${claim.customerId}`} took the number while it was reserved for ${reservation.customerId}.`,
      whatToDo: `Offer ${reservation.customerId} another number; the claim stands, for Meta has made it.`,
      needsPerson: true,
    },
  };
}
