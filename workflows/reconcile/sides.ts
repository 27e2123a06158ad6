import type { PhoneNumberId } from '../ids';
import type { NumberState } from '../record';

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
