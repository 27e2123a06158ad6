import type { PhoneNumber } from '../phone-number';
import { OneTimeCodes } from './one-time-code';
import type { Policy } from './policy';
import { Registration } from './registration';

/** Of the review of a display name. */
export const nameStatuses = [
  'APPROVED',
  'AVAILABLE_WITHOUT_REVIEW',
  'DECLINED',
  'EXPIRED',
  'PENDING_REVIEW',
  'NONE',
] as const;
export type NameStatus = (typeof nameStatuses)[number];

/** Where a business phone number comes from. */
export interface PhoneNumberOrigin {
  number: PhoneNumber;
  wabaId: string;
  verifiedName: string;
  /** The pre-verified number that it has replaced. */
  preverifiedId: string | null;
  /** A claim counts as a verification when the pre-verified number was verified then. */
  verifiedAt: number | null;
  /** When it came to the WABA. */
  since: number;
}

/** A number on a WABA, made by a claim or added to the WABA directly. Times are epoch milliseconds. */
export class BusinessPhoneNumber {
  readonly kind = 'phone';
  readonly codes = new OneTimeCodes();
  readonly registration = new Registration();

  readonly id: string;
  readonly number: PhoneNumber;
  readonly wabaId: string;
  verifiedName: string;
  /** What Meta's review has said of it; `null`: what its time says. */
  nameStatus: NameStatus | null = null;
  /** A name that is to take its place, with what the review says of that. */
  newName: { name: string; status: NameStatus } | null = null;
  readonly preverifiedId: string | null;
  readonly sequence: number;
  readonly since: number;
  verifiedAt: number | null;
  readonly #policy: Policy;

  constructor(origin: PhoneNumberOrigin, id: string, sequence: number, policy: Policy) {
    this.id = id;
    this.number = origin.number;
    this.wabaId = origin.wabaId;
    this.verifiedName = origin.verifiedName;
    this.preverifiedId = origin.preverifiedId;
    this.verifiedAt = origin.verifiedAt;
    this.since = origin.since;
    this.sequence = sequence;
    this.#policy = policy;
  }

  /** Rule 4: verified for 90 days; once registered, it stays so. */
  isVerified(now: number): boolean {
    return this.verifiedAt !== null && (this.registration.everRegistered || now < (this.registerBy ?? 0));
  }

  takesCode(now: number): boolean {
    return !this.isVerified(now);
  }

  get registerBy(): number | null {
    return this.verifiedAt === null ? null : this.verifiedAt + this.#policy.registerWithin;
  }

  /** A changed name that was approved takes effect by registering again. */
  takeNewName(): void {
    if (this.newName?.status !== 'APPROVED') return;
    this.verifiedName = this.newName.name;
    this.newName = null;
  }

  verify(now: number): void {
    this.verifiedAt = now;
  }
}
