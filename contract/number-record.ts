import type { BusinessId, PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from './ids';

export const numberStates = [
  'Added',
  'CodeRequested',
  'Verified',
  'Unverified',
  'Claimed',
  'Registered',
  'Removed',
  'Rejected',
] as const;
export type NumberState = (typeof numberStates)[number];

/** States in which a number's workflow has ended. */
export const finalStates: readonly NumberState[] = ['Registered', 'Removed', 'Rejected'];

/** ISO 8601, UTC, milliseconds. */
export type Instant = string;

/** A failure that stands until its cause is gone. */
export interface Problem {
  /** Meta's error code, or a word of ours such as `CodeNotReceived`. */
  code: string;
  message: string;
  since: Instant;
  /** What a person can do about it, or that nothing is needed. */
  whatToDo: string;
  /** It neither passes by itself nor does the number mend it. */
  needsPerson: boolean;
}

/** What `getNumber` answers, what an update answers, and the workflow's result. Never holds a code, a PIN or a token. */
export interface NumberRecord {
  phoneNumber: string;
  portfolioId: PortfolioId;
  state: NumberState;
  /** Dotted path inside the state, `renewing.waiting`; empty in the final states. */
  phase: string;
  preverifiedId: PreverifiedId | null;
  verifiedAt: Instant | null;
  verificationExpiresAt: Instant | null;
  reverifyFrom: Instant | null;
  nextDeadline: { at: Instant; what: string } | null;
  claim: {
    wabaId: WabaId;
    phoneNumberId: PhoneNumberId | null;
    customerId: string | null;
    claimedAt: Instant;
    source: string;
  } | null;
  /** Claims that were reported and that Meta has not shown: hints, which change no state. `looks`: times that Meta was asked. */
  reportedClaims: {
    wabaId: WabaId;
    phoneNumberId: PhoneNumberId | null;
    customerId: string | null;
    source: string;
    at: Instant;
    looks: number;
    /** Nobody else can have the number meanwhile. */
    keepsNumber: boolean;
  }[];
  /** The code that may be under way; `null` where none is. */
  requestedCode: {
    method: 'SMS' | 'VOICE';
    at: Instant;
    goodUntil: Instant;
    /** `false` where Meta's answer was lost: it may have been sent, and may not. */
    certain: boolean;
  } | null;
  registeredAt: Instant | null;
  /** `id` names this reservation alone: it stays when the holder reserves again, and is another one after an end. */
  reservation: { id: string; customerId: string; until: Instant } | null;
  /** Business IDs of the partners who may offer the number. */
  sharedWith: BusinessId[];
  problem: Problem | null;
  /** `false` where Meta said that the PIN was not reset, or somebody else set one; `null` before registration. */
  pinOurs: boolean | null;
  lastRefusal: { at: Instant; name: string; type: string; message: string; by: string | null } | null;
  transitions: Transition[];
}

export interface Transition {
  at: Instant;
  from: NumberState;
  to: NumberState;
  event: string;
  by: string | null;
}

/** The answer to `takeCode`: the record, and the code this once. */
export type TakenCode = NumberRecord & { code: string; receivedAt: Instant };
