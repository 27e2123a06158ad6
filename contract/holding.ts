import type { Instant, NumberState } from './number-record';

/** Who had a number from when to when. */
export interface Holding {
  /** Digits. */
  phoneNumber: string;
  wabaId: string;
  phoneNumberId: string | null;
  customerId: string | null;
  from: Instant;
  /** `null`: as far as is known, still. */
  to: Instant | null;
  /** Of the number's life that the claim belongs to, when it was last heard of. */
  state: NumberState;
  /** How the claim is known, as the number's record says: `signup`, `reconcile` …; `return` of a customer who came back with it. */
  source: string;
}
