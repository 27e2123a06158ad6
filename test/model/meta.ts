import { DAY, HOUR, MINUTE } from './rules/number';
import type { Ended, LifeCall, Verification } from './rules/facts';

/** What Meta may answer to each call, the happy answer first; more of a kind where it should come more often. */

const refusals = [
  { handling: 'wait', retryAfter: 5000 },
  { handling: 'wait', retryAfter: 72 * HOUR },
  { handling: 'account', retryAfter: HOUR },
  { handling: 'account', retryAfter: HOUR, turnedAway: true },
  { handling: 'account', retryAfter: HOUR, unanswered: true },
  { handling: 'number', retryAfter: null },
  { handling: 'codeNotSent', retryAfter: HOUR },
  { handling: 'pin', retryAfter: null },
  { handling: 'verifyFirst', retryAfter: null },
  { handling: 'wait', retryAfter: null },
].map((refused): Ended => ({ refused }));

const never: Verification = { verified: false, verifiedAt: null, expiresAt: null };
const lapsed = (at: number): Verification => ({
  verified: false,
  verifiedAt: at - 100 * DAY,
  expiresAt: at - 10 * DAY,
});

/** Verified now, with the times that Meta states or leaves out. */
const verified = (at: number): Verification[] => [
  { verified: true, verifiedAt: at, expiresAt: at + 90 * DAY },
  { verified: true, verifiedAt: at, expiresAt: null },
  { verified: true, verifiedAt: at - DAY, expiresAt: at + 2 * HOUR },
  { verified: true, verifiedAt: null, expiresAt: null },
  // Meta's clock is behind ours.
  { verified: true, verifiedAt: at - 3 * DAY, expiresAt: at - MINUTE },
];

const answers: Record<LifeCall, (at: number) => Ended[]> = {
  addNumber: (at) => [
    ...Array<Ended>(6).fill({ verification: never }),
    { verification: lapsed(at) },
    ...verified(at).map((verification) => ({ verification })),
    ...refusals,
  ],
  requestCode: (at) => [
    ...Array<Ended>(12).fill({ outcome: 'sent' }),
    { outcome: 'unknown' },
    ...verified(at).map((verification) => ({ outcome: 'alreadyVerified', verification })),
    ...refusals,
  ],
  verifyCode: (at) => [
    ...verified(at).map((verification) => ({ outcome: 'verified', verification })),
    ...Array<Ended>(12).fill({ outcome: 'wrongCode' }),
    ...refusals,
  ],
  claimNumber: () => [{ phoneNumberId: '501' }, { phoneNumberId: '501' }, ...refusals],
  registerNumber: () => [{}, ...refusals],
  removeNumber: () => [{}, ...refusals],
};

export function answerTo(call: LifeCall, choice: number, at: number): Ended {
  const possible = answers[call](at);
  return possible[choice % possible.length]!;
}

/** What reading the status again brings, `null` where the number is not in the pool. */
export function reading(choice: number, at: number): Verification | null {
  const possible = [...verified(at), never, lapsed(at), null];
  return possible[choice % possible.length]!;
}

/** What a look for a reported claim brings. */
export function look(choice: number, at: number, inPool: boolean): Ended {
  const possible: Ended[] = [
    ...Array<Ended>(3).fill({
      found: true,
      phoneNumberId: '501',
      verified: true,
      registered: false,
      pin: '654321',
    }),
    { found: true, phoneNumberId: '501', verified: false, registered: false, pin: '654321' },
    { found: true, phoneNumberId: '501', verified: true, registered: true, pin: '654321' },
    ...[null, never, lapsed(at), ...verified(at), ...verified(at)].map((pool) => ({
      found: false,
      pool: inPool ? pool : null,
    })),
    ...refusals,
  ];
  return possible[choice % possible.length]!;
}
