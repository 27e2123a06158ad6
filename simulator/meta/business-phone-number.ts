import type { PhoneNumber } from '../phone-number';
import { OneTimeCodes } from './one-time-code';
import type { Policy } from './policy';
import { Registration } from './registration';

/** A number on a WABA, made by a claim or added to the WABA directly. Times are epoch milliseconds. */
export class BusinessPhoneNumber {
  readonly kind = 'phone';
  readonly codes = new OneTimeCodes();
  readonly registration = new Registration();

  constructor(
    readonly id: string,
    readonly number: PhoneNumber,
    readonly wabaId: string,
    readonly verifiedName: string,
    /** The pre-verified number that it has replaced. */
    readonly preverifiedId: string | null,
    readonly createdAt: number,
    readonly sequence: number,
    readonly policy: Policy,
    /** A claim counts as a verification when the pre-verified number was verified then. */
    public verifiedAt: number | null,
  ) {}

  /** Rule 4: verified for 90 days; once registered, it stays so. */
  isVerified(now: number): boolean {
    return this.verifiedAt !== null && (this.registration.everRegistered || now < (this.registerBy ?? 0));
  }

  takesCode(now: number): boolean {
    return !this.isVerified(now);
  }

  get registerBy(): number | null {
    return this.verifiedAt === null ? null : this.verifiedAt + this.policy.registerWithin;
  }

  verify(now: number): void {
    this.verifiedAt = now;
  }
}
