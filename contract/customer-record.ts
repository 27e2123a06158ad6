import type { BusinessId, PhoneNumberId, PortfolioId, WabaId } from './ids';
import type { Instant, Problem } from './number-record';

export const customerStates = ['Signing', 'Connecting', 'Connected', 'Left'] as const;
export type CustomerState = (typeof customerStates)[number];

/** What must happen before the customer can send a message, in its order (docs/rules.md, Embedded Signup). */
export const stepNames = ['exchange', 'subscribe', 'assignSystemUser', 'creditLine'] as const;
export type StepName = (typeof stepNames)[number];

export interface Step {
  name: StepName;
  /** `skipped`: not configured, or for `exchange` no token came. */
  status: 'done' | 'pending' | 'skipped' | 'failed';
  at: Instant | null;
  /** Why it failed or was skipped, in words. */
  problem: string | null;
}

/** A number of ours on the customer's WABA, as Meta stated it last. */
export interface CustomerNumber {
  /** Digits. */
  phoneNumber: string;
  phoneNumberId: PhoneNumberId;
  /** Meta's words: `CONNECTED`, `PENDING` … */
  status: string | null;
  /** `APPROVED`, `AVAILABLE_WITHOUT_REVIEW`, `DECLINED`, `PENDING_REVIEW` … */
  nameStatus: string | null;
  readAt: Instant;
}

/** What `getCustomer` answers, what an update answers, and the workflow's result. Never holds a code or a token. */
export interface CustomerRecord {
  wabaId: WabaId;
  businessId: BusinessId | null;
  customerId: string | null;
  portfolioId: PortfolioId;
  state: CustomerState;
  /** Dotted path inside the state, `funding`; empty in `Left`. */
  phase: string;
  steps: Step[];
  /** Records hold a token of the customer's. */
  tokenHeld: boolean;
  /** `null` where it does not expire, or none is held. */
  tokenExpiresAt: Instant | null;
  /** Digits of the numbers of ours that the customer has. */
  numbers: string[];
  /** The same numbers with what Meta says of each. */
  numbersAtMeta: CustomerNumber[];
  connectedAt: Instant | null;
  /** Since then what we gave them is taken back, or is about to be; `null` while they stay. */
  leavingSince: Instant | null;
  leftAt: Instant | null;
  problem: Problem | null;
  lastRefusal: { at: Instant; name: string; type: string; message: string; by: string | null } | null;
  transitions: CustomerTransition[];
}

export interface CustomerTransition {
  at: Instant;
  from: CustomerState;
  to: CustomerState;
  event: string;
  by: string | null;
}
