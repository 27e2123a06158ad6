import type { Difference } from '../../contract/reconciliation';
import type { OurNumber, PoolNumber } from '../../contract/reconcile-activities';

/** Meta states seconds. */
const SAME_TIME = 1000;
/** A number that has just left may still be listed. */
const LEAVING = 60 * 60 * 1000;

/** How a number of Meta's pool differs from the one that lives here; `done` is what should be done about it. */
export function compare(pool: PoolNumber, ours: OurNumber | undefined, now: number): Difference | null {
  const { phoneNumber } = pool;
  if (!ours) return unknown(phoneNumber, 'has never been added here');
  const { state, endedAt } = ours;
  switch (state) {
    case 'Removed':
    case 'Rejected':
      return endedAt !== null && now - endedAt < LEAVING ? null : unknown(phoneNumber, `is ${state} here`);
    case 'Registered':
      return {
        kind: 'ended',
        phoneNumber,
        what: "is in Meta's pool, though its life here has ended: it is Registered",
        done: null,
      };
    case 'Claimed':
      // It reads its claim back by itself.
      return null;
    case 'Verified':
      return verifiedHere(pool, ours);
    default:
      return pool.verified
        ? { kind: 'status', phoneNumber, what: `is verified at Meta, here it is ${state}`, done: 'refresh' }
        : null;
  }
}

const unknown = (phoneNumber: string, here: string): Difference => ({
  kind: 'unknown',
  phoneNumber,
  what: `is in Meta's pool, and ${here}`,
  done: 'added',
});

function verifiedHere({ phoneNumber, verified, expiresAt }: PoolNumber, ours: OurNumber): Difference | null {
  if (!verified) {
    return { kind: 'status', phoneNumber, what: 'is Verified here, at Meta it is not', done: 'refresh' };
  }
  if (expiresAt === null || Math.abs(expiresAt - (ours.expiresAt ?? 0)) <= SAME_TIME) return null;
  return {
    kind: 'expiry',
    phoneNumber,
    what: `is verified until ${time(expiresAt)} at Meta, here until ${time(ours.expiresAt)}`,
    done: 'refresh',
  };
}

const time = (at: number | null) => (at === null ? 'an unknown time' : new Date(at).toISOString());
