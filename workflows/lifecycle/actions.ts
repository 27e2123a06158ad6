import type { Verification } from '../../activities/interface';
import { readCode } from '../code';
import type { Call, Claim, CodeRound, Failure, NumberContext } from './context';
import { answer, message, refusalIn, timeOf, verificationIn, type Moment, type NumberEvent } from './events';
import { asksForCodeAt, codeDiesAt, codesOfTheDay, registrableFrom, renewsAt, within } from './deadlines';
import { claimConfirmed, heldByAnother, mayAskAgain, staysOnApp } from './guards';
import {
  CLAIM_RETRY,
  CLAIM_SETTLES,
  LONGEST_BACK_OFF,
  REGISTRATIONS_SPAN,
  scaled,
  WRONG_CODES,
} from './policy';

type Change = Partial<NumberContext>;

/** What the chart remembers of an event. Each is a pure assignment: the old context and the event in, the changes out. */
export const assignments = {
  // adding
  recordAdded: ({ context, event }: Moment): Change => {
    const added = answer(event, 'addNumber');
    if (!added) return {};
    const policy = scaled(context.policy, added.policyDay);
    return {
      preverifiedId: added.preverifiedId,
      addedAt: timeOf(event),
      policy,
      sharedWith: added.sharedWith,
      asked: { ...context.asked, code: false, removal: false },
      ...stands({ ...context, addedAt: timeOf(event), policy }, timeOf(event), added.verification),
    };
  },
  askForCode: ({ context }: Moment): Change => ({ asked: { ...context.asked, code: true } }),
  askForRemoval: ({ context }: Moment): Change => ({ asked: { ...context.asked, removal: true } }),

  // codes
  /** A code that was sent before stays good until Meta has sent another. */
  beginCodeRound: ({ context, event }: Moment): Change => {
    const asked = message(event, 'requestCode');
    const died = codeDiesAt(context);
    const alive = died !== null && timeOf(event) < died;
    return {
      goOnAt: null,
      code: {
        method: asked?.method ?? context.codeMethod,
        language: asked?.language ?? context.language,
        again: false,
        sentAt: (alive && context.code?.sentAt) || null,
        submitted: null,
        held: [],
        wrong: (alive && context.code?.wrong) || [],
        accepted: null,
      },
    };
  },
  /** One more round: by the other method where nothing came, by the same where what came was wrong. */
  askAgain: ({ context }: Moment): Change => {
    const { code, codeMethod } = context;
    const silent = code?.wrong.length === 0;
    const method = code?.method ?? codeMethod;
    return changeCode(context, {
      method: silent ? otherMethod(method) : method,
      again: true,
      sentAt: null,
      submitted: null,
      held: [],
      wrong: [],
    });
  },
  recordCodeSent: ({ context, event }: Moment): Change => ({
    ...changeCode(context, { sentAt: timeOf(event), wrong: [] }),
    goOnAt: null,
    codesSentAt: [...codesOfTheDay(context, timeOf(event)), timeOf(event)],
  }),
  holdCode: ({ context, event }: Moment): Change => {
    const asked = message(event, 'submitCode');
    return asked ? changeCode(context, { held: [...(context.code?.held ?? []), asked.code] }) : {};
  },
  submitCode: ({ context, event }: Moment): Change =>
    changeCode(context, { submitted: message(event, 'submitCode')?.code ?? null }),
  resumeCodeRound: ({ context, event }: Moment): Change => {
    const submitted = message(event, 'submitCode')?.code ?? null;
    const held = context.code?.held.filter((code) => code !== submitted) ?? [];
    return { goOnAt: null, ...changeCode(context, { submitted, held }) };
  },
  submitHeldCode: ({ context }: Moment): Change => {
    const [submitted = null, ...held] = context.code?.held ?? [];
    return changeCode(context, { submitted, held });
  },
  /** Meta could not be asked about it: it may be handed in again, and so may those that waited behind it. */
  takeCodeBack: ({ context }: Moment): Change => changeCode(context, { submitted: null, held: [] }),
  acceptCode: ({ context }: Moment): Change =>
    changeCode(context, {
      accepted: context.code?.submitted ?? null,
      submitted: null,
      held: [],
      sentAt: null,
    }),
  noteWrongCode: ({ context, event }: Moment): Change => {
    const wrong = [
      ...(context.code?.wrong ?? []),
      ...(context.code?.submitted ? [context.code.submitted] : []),
    ];
    const left = WRONG_CODES - wrong.length;
    return {
      ...changeCode(context, { wrong, submitted: null }),
      ...fail(context, 'verifyCode', timeOf(event), {
        type: 'WrongCode',
        code: 'WrongCode',
        message: `Meta calls the code wrong or expired (${String(wrong.length)} of ${String(WRONG_CODES)} tries).`,
        whatToDo:
          left > 0
            ? 'Send the code from the newest message with submitCode.'
            : 'Ask for a new code with requestCode.',
        needsPerson: left <= 0 && !mayAskAgain(context, timeOf(event)),
      }),
    };
  },
  noteCodeNotReceived: ({ context, event }: Moment): Change =>
    fail(context, 'verifyCode', timeOf(event), {
      type: 'CodeExpired',
      code: 'CodeNotReceived',
      message: `No right code came within ten minutes of asking by ${context.code?.method ?? context.codeMethod}.`,
      whatToDo:
        'Check that the number can receive it, then send requestCode; a landline needs {"method": "VOICE"}.',
      needsPerson: !mayAskAgain(context, timeOf(event)),
    }),
  otherMethodIfNotSent: ({ context, event }: Moment): Change =>
    refusalIn(event)?.refusal.handling === 'codeNotSent'
      ? changeCode(context, { method: otherMethod(context.code?.method ?? context.codeMethod) })
      : {},
  endCodeRound: ({ context }: Moment): Change =>
    changeCode(context, { sentAt: null, submitted: null, held: [] }),

  // verification
  recordVerification: ({ context, event }: Moment): Change => {
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
  planRenewal: ({ context, event }: Moment): Change => ({ goOnAt: renewsAt(context, timeOf(event)) }),
  planCode: ({ context, event }: Moment): Change => {
    const { automation, verifiedAt, verificationExpiresAt, addedAt } = context;
    const since = verificationExpiresAt ?? verifiedAt ?? addedAt ?? 0;
    const own = verifiedAt === null ? automation.requestCode : automation.reverify;
    return { goOnAt: own ? asksForCodeAt(context, timeOf(event), since) : null };
  },
  noteGone: ({ context, event }: Moment): Change =>
    fail(context, 'readNumber', timeOf(event), {
      type: 'NotInPool',
      code: 'NotInPool',
      message: "The number is not in Meta's pool any more.",
      whatToDo:
        'Somebody claimed or removed it: reconcile looks for the claim; if there is none, send remove.',
      needsPerson: true,
    }),

  // codes that nobody here asked for
  keepCode: ({ event }: Moment): Change => {
    const code = readCode(message(event, 'receiveCode')?.text ?? '');
    return code === null ? {} : { keptCode: { code, at: timeOf(event) } };
  },
  endReading: (): Change => ({ reading: false }),
  forgetKeptCode: (): Change => ({ keptCode: null }),
  recordLapse: ({ context, event }: Moment): Change => {
    const stated = verificationIn(event);
    return { deadline: null, goOnAt: null, ...(stated && stands(context, timeOf(event), stated)) };
  },
  // claims
  recordClaim: ({ context, event }: Moment): Change => {
    const at = timeOf(event);
    const claim = claimIn(event, at, context);
    if (!claim) return {};
    const robbed = heldByAnother(context, claim.customerId ?? undefined, at) ? context.reservation : null;
    return {
      ...leavePoolFor(context, claim),
      ...(robbed && {
        problem: {
          about: 'confirmClaim' as const,
          since: at,
          type: 'Reserved',
          code: 'ReservedForAnother',
          message: `Customer ${claim.customerId ?? ''} took the number while it was reserved for ${robbed.customerId}.`,
          whatToDo: `Offer ${robbed.customerId} another number; the claim stands, for Meta has made it.`,
          needsPerson: true,
        },
      }),
    };
  },
  /** The same claim again may bring the ID that the first report lacked. */
  completeClaim: ({ context, event }: Moment): Change => {
    const claim = message(event, 'claim');
    if (!claim || !context.claim) return {};
    return {
      claim: {
        ...context.claim,
        phoneNumberId: context.claim.phoneNumberId ?? claim.phoneNumberId ?? null,
        businessId: context.claim.businessId ?? claim.businessId ?? null,
        customerId: context.claim.customerId ?? claim.customerId ?? null,
      },
    };
  },
  beginClaimFor: ({ context, event }: Moment): Change => ({
    claiming: claimIn(event, timeOf(event), context),
  }),
  endClaimFor: (): Change => ({ claiming: null }),
  recordClaimedFor: ({ context, event }: Moment): Change => {
    const claimed = answer(event, 'claimNumber');
    return claimed && context.claiming
      ? leavePoolFor(context, {
          ...context.claiming,
          phoneNumberId: claimed.phoneNumberId,
          claimedAt: timeOf(event),
        })
      : {};
  },
  recordConfirmed: ({ context, event }: Moment): Change => {
    const confirmed = answer(event, 'confirmClaim');
    return confirmed?.found && context.claim
      ? {
          claim: { ...context.claim, phoneNumberId: confirmed.phoneNumberId, misses: 0 },
          sharedWith: [],
          pin: context.pin ?? confirmed.pin,
        }
      : {};
  },
  /** 90 days to register count from the claim (rule 4). */
  awaitRegistration: ({ context, event }: Moment): Change =>
    dueRegistration(context, timeOf(event), context.claim?.claimedAt),
  noteClaimMissing: ({ context, event }: Moment): Change => {
    const misses = (context.claim?.misses ?? 0) + 1;
    const at = timeOf(event);
    return {
      claim: context.claim && { ...context.claim, misses },
      goOnAt: at + CLAIM_RETRY * 2 ** Math.min(misses - 1, 8),
      ...fail(context, 'confirmClaim', at, {
        type: 'ClaimNotFound',
        code: 'ClaimNotFound',
        message: `WABA ${context.claim?.wabaId ?? ''} does not have the number, though ${context.claim?.source ?? ''} said so.`,
        whatToDo: 'It is looked for again. If the WABA was wrong, send claim with the right one.',
        needsPerson: misses >= CLAIM_SETTLES,
      }),
    };
  },
  endClaim: ({ context, event }: Moment): Change => {
    const at = timeOf(event);
    const { verifiedAt, verificationExpiresAt: expiresAt } = context;
    // Gone from the pool: it stays as it was until somebody knows better.
    const known = { verified: expiresAt !== null && at < expiresAt, verifiedAt, expiresAt };
    return { claim: null, ...stands(context, at, verificationIn(event) ?? known) };
  },
  /** What stands between a claim and its registration is done by the number itself where it registers by itself. */
  recordClaimLapse: ({ context, event }: Moment): Change => ({
    deadline: null,
    goOnAt:
      context.automation.register && !staysOnApp(context)
        ? asksForCodeAt(context, timeOf(event), context.claim?.claimedAt ?? 0)
        : null,
    code: null,
  }),

  // registration
  askForRegistration: ({ context, event }: Moment): Change => ({
    ...registrationAsked(event),
    asked: { ...context.asked, registration: true },
  }),
  takePin: ({ event }: Moment): Change => registrationAsked(event),
  recordRegistered: ({ event }: Moment): Change => ({
    registeredAt: timeOf(event),
    deadline: null,
    goOnAt: null,
    problem: null,
  }),
  countRegistration: ({ context, event }: Moment): Change => ({
    registeringAt: [...within(context.registeringAt, REGISTRATIONS_SPAN, timeOf(event)), timeOf(event)],
  }),
  /** Our own count is full: the tenth last try must be 72 hours old before the next one. */
  awaitBudget: ({ context, event }: Moment): Change =>
    staysOnApp(context)
      ? { goOnAt: null }
      : {
          goOnAt: registrableFrom(context, timeOf(event)),
          ...fail(context, 'registerNumber', timeOf(event), {
            type: 'BudgetSpent',
            code: 'BudgetSpent',
            message: 'Ten registrations of the number in 72 hours are all that Meta allows.',
            whatToDo: 'Nothing: it goes on by itself when the oldest of them is 72 hours old.',
            needsPerson: false,
          }),
        },

  // reservations
  recordReservation: ({ event }: Moment): Change => {
    const asked = message(event, 'reserve');
    return asked ? { reservation: { customerId: asked.customerId, until: timeOf(event) + asked.ttl } } : {};
  },
  endReservation: (): Change => ({ reservation: null }),

  // sharing
  queueSharing: ({ context, event }: Moment): Change => {
    const asked = message(event, 'share') ?? message(event, 'unshare');
    return asked
      ? {
          sharing: [...context.sharing, { action: asked.type, partnerBusinessId: asked.partnerBusinessId }],
        }
      : {};
  },
  recordSharing: ({ context }: Moment): Change => {
    const [done, ...sharing] = context.sharing;
    if (!done) return { sharingUnderWay: false };
    const others = context.sharedWith.filter((partner) => partner !== done.partnerBusinessId);
    // What was shared a moment before a customer took it, nobody has any more.
    const shared = done.action === 'share' && !claimConfirmed(context);
    return {
      sharing,
      sharingUnderWay: false,
      sharedWith: shared ? [...others, done.partnerBusinessId] : others,
    };
  },
  dropSharing: ({ context }: Moment): Change => ({
    sharing: context.sharing.slice(1),
    sharingUnderWay: false,
  }),

  // the end
  leavePool: (): Change => ({
    deadline: null,
    goOnAt: null,
    reservation: null,
    sharedWith: [],
    sharing: [],
  }),

  // calls
  /** A call that worked takes away the problem that it had. */
  callDone: ({ context, event }: Moment): Change => {
    const call = event.type.slice('xstate.done.actor.'.length) as Call;
    return {
      problem: context.problem && mends[call].includes(context.problem.about) ? null : context.problem,
      ended: { ...context.ended, [call]: { at: timeOf(event), failure: null, failures: 0 } },
    };
  },
  callFailed: ({ context, event }: Moment): Change => {
    const failed = refusalIn(event);
    if (!failed) return {};
    const { call, refusal } = failed;
    const at = timeOf(event);
    return {
      ...(holdsUp.includes(call) ? { goOnAt: nextTry(context, call, at, refusal.retryAfter) } : {}),
      ...fail(context, call, at, {
        type: refusal.handling === 'wait' ? 'BudgetSpent' : 'MetaRefused',
        code: refusal.code,
        message: refusal.message,
        whatToDo: refusal.whatToDo,
        needsPerson: refusal.handling !== 'wait' && refusal.handling !== 'codeNotSent',
      }),
    };
  },
};

/** Calls without which the number does not go on; the others are somebody's wish and are asked for again. */
const holdsUp: readonly Call[] = ['addNumber', 'requestCode', 'confirmClaim', 'registerNumber'];

/** Whose problems a call's success ends. */
const mends: Record<Call, Call[]> = {
  addNumber: ['addNumber'],
  requestCode: ['requestCode', 'verifyCode'],
  verifyCode: ['requestCode', 'verifyCode'],
  confirmClaim: [],
  claimNumber: ['claimNumber'],
  registerNumber: ['registerNumber', 'requestCode', 'verifyCode', 'confirmClaim'],
  changeSharing: ['changeSharing'],
  readNumber: ['readNumber'],
  removeNumber: ['removeNumber'],
};

function fail(context: NumberContext, call: Call, at: number, failure: Failure): Change {
  const same = context.problem?.code === failure.code && context.problem.about === call;
  return {
    problem: { ...failure, about: call, since: same && context.problem ? context.problem.since : at },
    ended: { ...context.ended, [call]: { at, failure, failures: failuresOf(context, call) + 1 } },
  };
}

const failuresOf = (context: NumberContext, call: Call) => context.ended[call]?.failures ?? 0;

/** Short waits double up to ten minutes, so that a long outage does not fill the history; long ones are Meta's word. */
function nextTry(context: NumberContext, call: Call, at: number, retryAfter: number | null): number | null {
  if (retryAfter === null) return null;
  const doubled = retryAfter * 2 ** Math.min(failuresOf(context, call), 10);
  return at + Math.max(retryAfter, Math.min(doubled, LONGEST_BACK_OFF));
}

function changeCode(context: NumberContext, change: Partial<CodeRound>): Change {
  return context.code ? { code: { ...context.code, ...change } } : {};
}

/** 90 days unverified, counted from Meta's answer to add (rule 1). */
function removal({ addedAt, policy }: Pick<NumberContext, 'addedAt' | 'policy'>): NumberContext['deadline'] {
  return addedAt === null
    ? null
    : { at: addedAt + policy.removeUnverifiedAfter, what: 'removed from the pool unless verified' };
}

/** How a number of the pool stands by Meta's word. */
function stands(context: NumberContext, at: number, stated: Verification): Change {
  if (stated.verified) return verifiedUntil(context, at, stated);
  const verifiedAt = stated.verifiedAt ?? context.verifiedAt;
  // An expiry still to come is what Meta's word has overtaken.
  const over = context.verificationExpiresAt !== null && context.verificationExpiresAt <= at;
  return {
    verifiedAt,
    verificationExpiresAt: stated.expiresAt ?? (over ? context.verificationExpiresAt : null),
    deadline: verifiedAt === null ? removal(context) : null,
    goOnAt: null,
  };
}

/** Meta's own expiry wins over arithmetic (rule 5). */
function verifiedUntil(context: NumberContext, at: number, stated: Verification | null) {
  const verifiedAt = stated?.verifiedAt ?? at;
  const verificationExpiresAt = stated?.expiresAt ?? verifiedAt + context.policy.verifiedFor;
  return {
    verifiedAt,
    verificationExpiresAt,
    deadline: { at: verificationExpiresAt, what: 'verification expires' },
    goOnAt: null,
  };
}

const otherMethod = (method: CodeRound['method']) => (method === 'SMS' ? 'VOICE' : 'SMS');

/**
 * Claimed: what belonged to the pool ends, and what was asked for an earlier claim; a share that is under way is left to
 * end by itself.
 */
function leavePoolFor(context: NumberContext, claim: Claim): Change {
  return {
    claim,
    claiming: null,
    asked: { ...context.asked, registration: false },
    pin: null,
    dataLocalizationRegion: null,
    code: null,
    deadline: null,
    goOnAt: null,
    reservation: null,
    sharing: context.sharing.slice(0, context.sharingUnderWay ? 1 : 0),
  };
}

function dueRegistration(context: NumberContext, at: number, since = at): Change {
  return {
    deadline: { at: since + context.policy.registerWithin, what: 'must be registered' },
    goOnAt: (context.automation.register && !staysOnApp(context)) || context.asked.registration ? at : null,
  };
}

function registrationAsked(event: NumberEvent): Change {
  const asked = message(event, 'register');
  return {
    ...(asked?.pin === undefined ? {} : { pin: asked.pin }),
    ...(asked?.dataLocalizationRegion === undefined
      ? {}
      : { dataLocalizationRegion: asked.dataLocalizationRegion }),
  };
}

function claimIn(event: NumberEvent, at: number, { reservation }: NumberContext): Claim | null {
  const reported = message(event, 'claim');
  const asked = message(event, 'claimFor');
  const claim = reported ?? asked;
  if (!claim) return null;
  return {
    wabaId: claim.wabaId,
    phoneNumberId: reported?.phoneNumberId ?? null,
    businessId: reported?.businessId ?? null,
    // A number that was held for a customer has gone to that customer, unless somebody knows better.
    customerId: claim.customerId ?? reservation?.customerId ?? null,
    source: reported?.source ?? 'API',
    claimedAt: at,
    verifiedName: asked?.verifiedName ?? null,
    misses: 0,
  };
}
