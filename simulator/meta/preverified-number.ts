import type { PhoneNumber } from '../phone-number';
import { OneTimeCodes } from './one-time-code';
import type { Policy } from './policy';
import { verificationFrom, type Verification } from './verification';

/** A number in a portfolio's pool. Times are epoch milliseconds; what time does to it is worked out when asked. */
export class PreverifiedNumber {
  readonly kind = 'preverified';
  readonly codes = new OneTimeCodes();
  /** Business IDs of the partners it is shared with, in the order of sharing. */
  readonly sharedWith = new Set<string>();
  verification: Verification | null = null;
  /** Why it left the pool; a number whose 90 days ran out is not marked: the clock decides. */
  left: { at: number; by: 'delete' } | { at: number; by: 'claim'; phoneNumberId: string } | null = null;

  constructor(
    readonly id: string,
    readonly number: PhoneNumber,
    readonly portfolioId: string,
    readonly addedAt: number,
    /** Place in the order of creation. */
    readonly sequence: number,
    readonly policy: Policy,
  ) {}

  /** Rule 1: a number that was never verified is gone 90 days after it was added. */
  isInPool(now: number): boolean {
    if (this.left !== null) return false;
    return this.verification !== null || now < this.addedAt + this.policy.removeUnverifiedAfter;
  }

  /** Rule 2. */
  isVerified(now: number): boolean {
    return this.verification !== null && now < this.verification.expiresAt;
  }

  /** Rule 3: a verified number takes a new code only in the window before its expiry. */
  takesCode(now: number): boolean {
    return !this.isVerified(now) || now >= (this.reverifyFrom ?? 0);
  }

  get reverifyFrom(): number | null {
    return this.verification && this.verification.expiresAt - this.policy.reverifyWindow;
  }

  verify(now: number): void {
    this.verification = verificationFrom(now, this.policy.verifiedFor);
  }
}
