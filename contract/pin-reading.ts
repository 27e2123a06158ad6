import type { PhoneNumberId, WabaId } from './ids';

export interface PinReading {
  /** The human or service that read it. */
  by: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** A new PIN, set on a number that is registered: asked for, and what came of it. */
export interface PinToSet {
  /** Digits. */
  phoneNumber: string;
  phoneNumberId: PhoneNumberId;
  /** Whose token the call is made with. */
  wabaId?: WabaId | undefined;
  /** `null`: one is made. */
  pin: string | null;
  by: string;
}
export interface PinSet extends PinReading {
  pin: string;
}
