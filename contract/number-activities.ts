import type { BusinessId, PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from './ids';
import type { CodeMethod } from './messages';

/** The object that Meta sends a code for: the pre-verified number, or after a lapsed claim the business phone number. */
export type CodeTarget =
  | { kind: 'preverified'; id: PreverifiedId }
  /** `wabaId`: whose token the call is made with; inputs of before it was there have none. */
  | { kind: 'business'; id: PhoneNumberId; wabaId?: WabaId };

/** What Meta says of a number's verification; times in epoch milliseconds, `null` where Meta states none. */
export interface Verification {
  verified: boolean;
  verifiedAt: number | null;
  expiresAt: number | null;
}

/**
 * The calls of a number's workflow. Every one is safe to retry: after an attempt whose outcome is unknown it reads
 * before it writes. Where Meta says no, it throws an `ApplicationFailure` that cannot be retried and that
 * `graphFailureIn` reads; Temporal retries what passes soon.
 */
export interface NumberActivities {
  /** Adds the number to the portfolio's pool, or adopts it if it is there already. */
  addNumber(input: { portfolioId: PortfolioId; phoneNumber: string }): Promise<{
    preverifiedId: PreverifiedId;
    /** It was in the pool already: it keeps the status and times that Meta states. */
    adopted: boolean;
    verification: Verification;
    /** Partners who may offer it: an adopted number may have some. */
    sharedWith: BusinessId[];
    /** Length of a policy day on this worker, in milliseconds. */
    policyDay: number;
    /** This worker has endpoints that receive webhooks. */
    webhooks: boolean;
    /** By which method a code reaches a number of its line type; left out for SMS. */
    codeMethod?: CodeMethod;
  }>;

  /**
   * Asks for a code, once: the only call that is never repeated after a lost answer, for a second code would make the
   * first one void. `unknown`: the answer was lost, a code may be on its way.
   */
  requestCode(input: {
    target: CodeTarget;
    method: CodeMethod;
    language: string;
  }): Promise<{ outcome: 'sent' | 'unknown' } | { outcome: 'alreadyVerified'; verification: Verification }>;

  /** Hands the code in and reads the times that Meta states. `verifiedBefore`: last known verification, epoch ms. */
  verifyCode(input: {
    target: CodeTarget;
    code: string;
    verifiedBefore: number | null;
  }): Promise<
    { outcome: 'verified'; verification: Verification } | { outcome: 'wrongCode'; message: string }
  >;

  /** Reads a reported claim back from the WABA, and unshares the number from partners who can offer it no more. Brings a fresh PIN along, so that a lost answer to `register` cannot lose it. */
  confirmClaim(input: {
    phoneNumber: string;
    wabaId: WabaId;
    phoneNumberId: PhoneNumberId | null;
    preverifiedId: PreverifiedId | null;
    portfolioId: PortfolioId;
    sharedWith: BusinessId[];
  }): Promise<
    | { found: true; phoneNumberId: PhoneNumberId; verified: boolean; registered: boolean; pin: string }
    /**
     * `pool`: what Meta's pool says of it, `null` if it is gone from there too. `otherWaba`: the reported business phone
     * number is ours, and on another WABA than the reported one.
     */
    | { found: false; pool: Verification | null; otherWaba?: boolean }
  >;

  /** Claims the number for a WABA through the API; answers the business phone number's ID. */
  claimNumber(input: {
    phoneNumber: string;
    preverifiedId: PreverifiedId;
    wabaId: WabaId;
    verifiedName: string;
  }): Promise<{ phoneNumberId: PhoneNumberId }>;

  registerNumber(input: {
    phoneNumberId: PhoneNumberId;
    /** Whose token the call is made with; inputs of before it was there have none. */
    wabaId?: WabaId;
    pin: string;
    dataLocalizationRegion: string | null;
    /**
     * `pinOurs`: false where the number was registered already and Meta says that it keeps its PIN; `null` where the
     * answer was lost.
     */
  }): Promise<{ pinOurs: boolean | null }>;

  /** Sets another two-step PIN on a registered number, and answers it; one is made where none is given. */
  setPin(input: {
    phoneNumberId: PhoneNumberId;
    /** Whose token the call is made with. */
    wabaId?: WabaId;
    pin: string | null;
  }): Promise<{ pin: string }>;

  /** What Meta says of a number of the pool; `null` if it is not there any more. */
  readNumber(input: { preverifiedId: PreverifiedId }): Promise<Verification | null>;

  shareNumber(input: SharingInput): Promise<void>;
  unshareNumber(input: SharingInput): Promise<void>;

  /** Unshares the number and deletes it from the pool; one that is gone already is a success. */
  removeNumber(input: {
    portfolioId: PortfolioId;
    preverifiedId: PreverifiedId;
    sharedWith: BusinessId[];
  }): Promise<void>;
}

export interface SharingInput {
  portfolioId: PortfolioId;
  preverifiedId: PreverifiedId;
  partnerBusinessId: BusinessId;
}
