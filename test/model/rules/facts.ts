/** What a model of a number is told: plain data, times in epoch milliseconds. */

/** The calls that decide how a number's life goes on; there is one at a time. */
export type LifeCall =
  'addNumber' | 'requestCode' | 'verifyCode' | 'claimNumber' | 'registerNumber' | 'removeNumber';

export interface Rules {
  removeUnverifiedAfter: number;
  verifiedFor: number;
  reverifyWindow: number;
  registerWithin: number;
  automation: { requestCode: boolean; reverify: boolean; register: boolean };
}

export interface Verification {
  verified: boolean;
  verifiedAt: number | null;
  expiresAt: number | null;
}

/** A message as it was understood. */
export interface Said {
  type: string;
  code?: string | undefined;
  customerId?: string | undefined;
  ttl?: number | undefined;
  wabaId?: string | undefined;
  phoneNumberId?: string | undefined;
  source?: string | undefined;
  pin?: string | undefined;
  partnerBusinessId?: string | undefined;
}

/** How a call ended: what Meta answered, or how it refused. */
export interface Ended {
  refused?: { handling: string; retryAfter: number | null; turnedAway?: boolean; unanswered?: boolean };
  outcome?: string;
  verification?: Verification;
  found?: boolean;
  registered?: boolean;
  verified?: boolean;
  phoneNumberId?: string;
  pin?: string;
  pool?: Verification | null;
}
