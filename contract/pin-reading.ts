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

/** The last life of a number that ended as Registered, from Temporal or, once it has forgotten it, from records. */
export interface Registration {
  /** Digits, as it was added. */
  phoneNumber: string;
  /** Of the life: the key to who read its PIN. */
  firstRunId: string;
  registeredAt: string | null;
  phoneNumberId: PhoneNumberId | null;
  wabaId: WabaId | null;
  /** `null` where it is not ours, or was not asked for. */
  pin: string | null;
  read: PinReading | null;
  /** The last other PIN that was set since. */
  set: PinReading | null;
}
