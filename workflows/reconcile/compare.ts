import type { Difference } from '../../contract/reconciliation';
import type { OurNumber, PoolNumber } from '../../contract/reconcile-activities';

/** Meta states times in whole seconds. */
const SAME_TIME = 1000;
/** Meta may list a number for a while after it was removed. */
const REMOVAL_DELAY = 60 * 60 * 1000;

/** How a number in Meta's pool differs from ours. Its `done` is a proposal: what should be done about it. */
export function compare(pool: PoolNumber, ours: OurNumber | undefined, now: number): Difference | null {
  const { phoneNumber } = pool;
  if (!ours) return unknown(phoneNumber, 'no life of it runs here');
  const { state, endedAt, unreadable } = ours;
  // It can do nothing, and is named where our own numbers are read.
  if (unreadable && endedAt === null) return null;
  switch (state) {
    case 'Removed':
    case 'Rejected':
      return endedAt !== null && now - endedAt < REMOVAL_DELAY
        ? null
        : unknown(phoneNumber, `is ${state} here`);
    case 'Registered':
      return {
        kind: 'ended',
        phoneNumber,
        what: "is in Meta's pool, though it is Registered here",
        done: null,
      };
    case 'Claimed':
      // The number confirms its claim at Meta by itself.
      return null;
    case 'Verified':
      return compareVerified(pool, ours) ?? compareProblem(ours);
    default:
      return pool.verified
        ? { kind: 'status', phoneNumber, what: `is verified at Meta, and ${state} here`, done: 'refresh' }
        : compareProblem(ours);
  }
}

/** What these problems say of the number is over once the pool shows it; reading its status ends them. */
const overInPool = ['NotInPool', 'ClaimNotFound'];

function compareProblem({ phoneNumber, problem }: OurNumber): Difference | null {
  if (problem === null || !overInPool.includes(problem)) return null;
  return {
    kind: 'status',
    phoneNumber,
    what: `is in Meta's pool, and its problem here is ${problem}`,
    done: 'refresh',
  };
}

const unknown = (phoneNumber: string, here: string): Difference => ({
  kind: 'unknown',
  phoneNumber,
  what: `is in Meta's pool, and ${here}`,
  done: 'added',
});

function compareVerified(
  { phoneNumber, verified, expiresAt }: PoolNumber,
  ours: OurNumber,
): Difference | null {
  if (!verified) {
    return {
      kind: 'status',
      phoneNumber,
      what: 'is Verified here, and not verified at Meta',
      done: 'refresh',
    };
  }
  if (expiresAt === null || Math.abs(expiresAt - (ours.expiresAt ?? 0)) <= SAME_TIME) return null;
  return {
    kind: 'expiry',
    phoneNumber,
    what: `is verified until ${time(expiresAt)} at Meta, and until ${time(ours.expiresAt)} here`,
    done: 'refresh',
  };
}

const time = (at: number | null) => (at === null ? 'an unknown time' : new Date(at).toISOString());
