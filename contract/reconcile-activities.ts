import type { PortfolioId, WabaId, PhoneNumberId } from './ids';
import type { NumberState } from './number-record';

/** Reads at Meta, one Graph call each, so that the task queue's rate limit counts calls. */
export interface ReconcileGraphActivities {
  readPool(input: { portfolioId: PortfolioId; after: string | null }): Promise<Part<PoolNumber>>;
  /** Whether the number is in the pool right now. */
  isInPool(input: { portfolioId: PortfolioId; phoneNumber: string }): Promise<boolean>;
  /** The WABAs that customers share with the portfolio. */
  readClientWabas(input: { portfolioId: PortfolioId; after: string | null }): Promise<Part<WabaId>>;
  readWaba(input: { wabaId: WabaId; after: string | null }): Promise<Part<WabaNumber>>;
}

/** Looks at the numbers that live here, and begins new lives. */
export interface ReconcileActivities {
  /** The latest life of each number that has one. */
  findOurs(input: { phoneNumbers: string[] }): Promise<OurNumber[]>;
  /** The portfolio's numbers that should be in Meta's pool: alive, added there and unclaimed. Digits. */
  listUnclaimed(input: { portfolioId: PortfolioId; after: string | null }): Promise<Part<string>>;
  /** Begins the life of a number of Meta's pool; `exists`: it has one already. */
  adoptNumber(input: {
    portfolioId: PortfolioId;
    phoneNumber: string;
  }): Promise<{ outcome: 'added' | 'exists' } | { outcome: 'refused'; why: string }>;
}

/** A part of a list, and where the next one begins: `null` at the end. */
export interface Part<Item> {
  items: Item[];
  after: string | null;
}

/** A number as Meta's pool has it; times in epoch milliseconds, `null` where Meta states none. */
export interface PoolNumber {
  /** Digits. */
  phoneNumber: string;
  verified: boolean;
  expiresAt: number | null;
}

/** A number as it lives here, from Temporal's list: a moment behind. Times in epoch milliseconds. */
export interface OurNumber {
  phoneNumber: string;
  state: NumberState;
  expiresAt: number | null;
  /** When its life ended, `null` while it lives. */
  endedAt: number | null;
}

export interface WabaNumber {
  phoneNumber: string;
  phoneNumberId: PhoneNumberId;
}
