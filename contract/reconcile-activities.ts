import type { PortfolioId, WabaId, PhoneNumberId } from './ids';
import type { NumberState } from './number-record';

/** Reads from Meta. Each activity makes one Graph call, so that the task queue's rate limit counts calls. */
export interface ReconcileGraphActivities {
  /** The portfolio's own numbers, and those of which Meta does not say whose they are. */
  readPool(input: { portfolioId: PortfolioId; after: string | null }): Promise<Page<PoolNumber>>;
  /** Whether the number is in the pool right now. */
  isInPool(input: { portfolioId: PortfolioId; phoneNumber: string }): Promise<boolean>;
  /** The WABAs that customers share with the portfolio. */
  readClientWabas(input: { portfolioId: PortfolioId; after: string | null }): Promise<Page<WabaId>>;
  /** The WABA's numbers, but for those that Meta says were never pre-verified. */
  readWaba(input: { wabaId: WabaId; after: string | null }): Promise<Page<WabaNumber>>;
}

/** Reads and starts numbers' workflows. */
export interface ReconcileActivities {
  /**
   * The last life of each number that has one, in whichever of its written forms. One whose last life was terminated,
   * cancelled or failed is left out, for that says nothing any more.
   */
  findOurs(input: { phoneNumbers: string[] }): Promise<OurNumber[]>;
  /**
   * The portfolio's numbers that should be in Meta's pool: running, added there and unclaimed. Digits. Those that no worker
   * can read are named apart, wherever they are.
   */
  listUnclaimed(input: {
    portfolioId: PortfolioId;
    after: string | null;
  }): Promise<Page<string> & { unreadable?: UnreadableNumber[] }>;
  /**
   * The portfolio's numbers whose last life was terminated, cancelled or failed, and so says nothing any more. Digits.
   */
  listLost(input: { portfolioId: PortfolioId; after: string | null }): Promise<Page<string>>;
  /**
   * Starts the workflow of a number that a customer has, with the claim reported; it does nothing else by itself. On the
   * same WABA it stays with the customer that its last life names. `exists`: it has a running one, which gets the report ·
   * `ended`: its life has come to its end since · `left`: the customer has left, and is not to be connected again.
   */
  adoptClaimed(input: {
    portfolioId: PortfolioId;
    phoneNumber: string;
    wabaId: WabaId;
    phoneNumberId: PhoneNumberId;
  }): Promise<{ outcome: 'added' | 'exists' | 'ended' | 'left' }>;
  /** Starts the workflow of a number that is in Meta's pool; `exists`: it has a running one. */
  adoptNumber(input: {
    portfolioId: PortfolioId;
    phoneNumber: string;
  }): Promise<{ outcome: 'added' | 'exists' } | { outcome: 'refused'; reason: string }>;
}

/** One page of a list. `after` is the cursor of the next page, `null` on the last one. */
export interface Page<Item> {
  items: Item[];
  after: string | null;
}

/** A number whose payloads are encrypted with a key that the workers lack. */
export interface UnreadableNumber {
  /** Digits. */
  phoneNumber: string;
  keyId: string;
}

/** A number in Meta's pool. */
export interface PoolNumber {
  /** Digits. */
  phoneNumber: string;
  verified: boolean;
  /** Epoch milliseconds; `null` where Meta states no time. */
  expiresAt: number | null;
}

/** A number as Temporal lists it. The list is updated a moment after the workflow. Times in epoch milliseconds. */
export interface OurNumber {
  phoneNumber: string;
  state: NumberState;
  expiresAt: number | null;
  /** The code of its problem. */
  problem: string | null;
  /** When its workflow ended, `null` while it runs. */
  endedAt: number | null;
  /** The ID of the key that it is encrypted with and that the workers lack; `null` where it can be read. */
  unreadable: string | null;
}

export interface WabaNumber {
  phoneNumber: string;
  phoneNumberId: PhoneNumberId;
}
