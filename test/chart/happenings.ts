import type { Interpretation } from '../../workflows/interpreter/interpretation';
import type { Call } from '../../workflows/number/context';
import { saysOnApp } from '../../workflows/number/guards';
import { contextOf, stateOf } from '../../workflows/number/number-record';
import type { MessageName, MessagePayload } from '../../contract/messages';
import { START } from './life-walk';
import { added, confirmed, DAY, MINUTE, verifiedAt } from './walk';

type End = { output: unknown } | { error: unknown };

/** One thing that may happen to a number. */
export type Happening =
  /** `doubtful`: the life has found that its code may be another service's. */
  | { type: 'message'; name: MessageName; payload: object; doubtful?: true }
  | { type: 'end'; call: Call; end: End }
  /** Time passes until the next timer is due. */
  | { type: 'due' }
  /** … for as long as a code lives. */
  | { type: 'later' }
  /** … until the state is about to end by itself. */
  | { type: 'almostOver' };

const say = <Name extends MessageName>(name: Name, payload: MessagePayload<Name>): Happening => ({
  type: 'message',
  name,
  payload,
});

/** Those by which a number's life goes on. */
const lifeMessages = [
  say('requestCode', {}),
  say('submitCode', { code: '111111' }),
  say('claim', { wabaId: '77', source: 'test' }),
  say('claimFor', { wabaId: '77', verifiedName: 'Lucky Shrub' }),
  say('claimFor', { wabaId: '88', verifiedName: 'Lucky Shrub' }),
  say('register', { pin: '111111' }),
  say('register', { pin: '222222' }),
  say('remove', {}),
  say('endClaim', { wabaId: '77' }),
];

const staysOnApp = say('claim', {
  wabaId: '77',
  source: 'signup FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING',
});

/** What comes where a code is expected. */
const noCode = say('receiveCode', { text: 'Hello' });
const doubtfulCode = {
  ...say('receiveCode', { text: '333333 is your Lucky Shrub login code' }),
  doubtful: true,
} as Happening;

/** Those that do nothing to its state by themselves. */
const asides = [
  say('reserve', { customerId: 'alice' }),
  say('release', {}),
  say('share', { partnerBusinessId: '1' }),
  say('unshare', { partnerBusinessId: '1' }),
  say('refresh', {}),
  say('receiveCode', { text: 'WhatsApp code 999-999' }),
  say('receiveCode', { text: 'WhatsApp code 282-', from: '32665' }),
  say('takeCode', {}),
];

const done = (output: unknown): End => ({ output });
const refused = (handling: string, retryAfter: number | null = null) => ({
  error: { code: '100', message: 'no', whatToDo: 'look', handling, retryAfter },
});
const soon = refused('wait', MINUTE);
const inDays = refused('wait', 3 * DAY);
const never = refused('number');
const lost: End = { error: { ...refused('account', 60 * MINUTE).error, unanswered: true } };

const unverified = { verified: false, verifiedAt: null, expiresAt: null };
const lapsed = { verified: false, verifiedAt: START - 100 * DAY, expiresAt: START - 10 * DAY };
const verified = (at: number) => verifiedAt(at).verification;

/** How each call may end, the happy end first. */
const ends: Record<Call, (at: number, inPool: boolean) => End[]> = {
  addNumber: (at) => [
    ...[unverified, lapsed, verified(at)].map((stands) => done(added(stands))),
    soon,
    never,
  ],
  requestCode: (at) => [
    done({ outcome: 'sent' }),
    done({ outcome: 'alreadyVerified', verification: verified(at) }),
    done({ outcome: 'alreadyVerified', verification: verifiedAt(at - 90 * DAY).verification }),
    refused('codeNotSent', 60 * MINUTE),
    inDays,
    never,
  ],
  verifyCode: (at) => [done(verifiedAt(at)), done({ outcome: 'wrongCode', message: 'wrong' }), inDays, never],
  confirmClaim: (at, inPool) => [
    done(confirmed()),
    done(confirmed({ verified: false })),
    done(confirmed({ registered: true })),
    ...(inPool ? [null, verified(at)] : [null]).map((pool) => done({ found: false, pool })),
    soon,
  ],
  claimNumber: () => [done({ phoneNumberId: '501' }), lost, never],
  registerNumber: () => [done(null), refused('verifyFirst'), refused('pin'), soon],
  removeNumber: () => [done(null), never],
  changeSharing: () => [done(null), never],
  readNumber: (at) => [
    done(verified(at + DAY)),
    done({ ...verified(at), expiresAt: null }),
    done(lapsed),
    done(null),
    never,
  ],
};

/** All that may decide how a number's life goes on. */
export function inLife(now: Interpretation, at: number): Happening[] {
  if (now.done) return [];
  const { claim, code, deadline, reportedClaims, registeringAt } = contextOf(now);
  const { state, phase } = stateOf(now);
  // A claim that is reported goes on beside the life: what both may do is tried where the one waits for the other.
  if (reportedClaims.length > 0 && state !== 'Added') return looksAndReports(now, at).slice(0, 3);
  // What else may happen to it happens to the others, too.
  if (saysOnApp(claim?.source)) return due(now);
  const almostOver = deadline !== null && deadline.at - 5 * MINUTE > at;
  // Early in its registration: how often it was tried makes no difference to that.
  const onApp = state === 'Claimed' && /registering|deferred/.test(phase) && registeringAt.length < 2;
  const endsOfLook = phase === 'overdue' || phase === 'refused' ? undefined : 3;
  return [
    ...lifeMessages,
    ...(onApp ? [staysOnApp] : []),
    ...(expectsCode(now, /requesting|waiting/) ? [noCode] : []),
    ...(expectsCode(now, /requesting|waiting|verifying/) && code?.doubtful.length === 0
      ? [doubtfulCode]
      : []),
    // One that Meta has not called wrong yet.
    say('submitCode', { code: String(222_222 + (code?.wrong.length ?? 0)) }),
    ...callsOf(now).flatMap((call) =>
      endings(now, at, call).slice(0, call === 'confirmClaim' ? endsOfLook : undefined),
    ),
    ...due(now),
    ...(state === 'Claimed' && expectsCode(now, /verifying/) ? [{ type: 'later' } as const] : []),
    ...(almostOver ? [{ type: 'almostOver' } as const] : []),
  ];
}

const expectsCode = (now: Interpretation, phases: RegExp) => {
  const { code, automation } = contextOf(now);
  // Only a number that asks by itself asks again.
  const plain =
    automation.requestCode &&
    code?.wrong.length === 0 &&
    code.held.length === 0 &&
    !code.again &&
    code.accepted === null;
  return plain && phases.test(stateOf(now).phase);
};

/** A life in which all goes well, and what may come between. */
export function besides(now: Interpretation, at: number): Happening[] {
  if (now.done) return [];
  const aside: Call[] = ['readNumber', 'changeSharing'];
  if (contextOf(now).reportedClaims.length > 0) return looksAndReports(now, at);
  return [
    ...asides,
    ...lifeMessages.filter(
      (message) => message.type !== 'message' || message.name !== 'claim' || reportable(now),
    ),
    ...callsOf(now).flatMap((call) => endings(now, at, call).slice(0, aside.includes(call) ? undefined : 1)),
    ...due(now),
  ];
}

/** Reports are tried in two phases, and once the life is claimed. */
const reportable = (now: Interpretation) => {
  const { sharing, sharedWith, keptCode, claim } = contextOf(now);
  const alone = sharing.length + sharedWith.length === 0 && !keptCode && !('readNumber' in now.children);
  return claim !== null || (['fresh', 'claiming'].includes(stateOf(now).phase) && alone);
};

/** What may come of reports while nothing else happens. */
function looksAndReports(now: Interpretation, at: number): Happening[] {
  const [first, second] = contextOf(now).reportedClaims;
  if ('removeNumber' in now.children) return endings(now, at, 'removeNumber').slice(0, 1);
  if (stateOf(now).phase === 'leaving') return [say('remove', {}), ...due(now)];
  const another = first?.looks === 0 && second === undefined;
  if ('claimNumber' in now.children) {
    const missed = endings(now, at, 'confirmClaim').slice(3, 4);
    return [
      ...endings(now, at, 'claimNumber').slice(0, 2),
      ...('confirmClaim' in now.children ? missed : []),
    ];
  }
  return [
    ...('confirmClaim' in now.children ? endings(now, at, 'confirmClaim').slice(second ? 3 : 0) : []),
    say('claim', { wabaId: '77', source: 'test' }),
    ...(another ? [say('claim', { wabaId: '88', source: 'test' })] : []),
    ...due(now),
  ];
}

const callsOf = ({ children }: Interpretation) => Object.keys(children) as Call[];

const endings = (now: Interpretation, at: number, call: Call): Happening[] =>
  ends[call](at, contextOf(now).preverifiedId !== null).map((end) => ({ type: 'end', call, end }));

const due = ({ timers }: Interpretation): Happening[] =>
  Object.keys(timers).length > 0 ? [{ type: 'due' }] : [];
