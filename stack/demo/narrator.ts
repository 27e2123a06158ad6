import type { NumberRecord } from '../../client';
import type { Clock } from './clock';
import type { ReceivedEvent } from './shop';

/** Prints what happens in the demo, one line each. */
export class Narrator {
  readonly #printed = new Map<string, number>();
  readonly #expiries = new Map<string, string>();

  constructor(private readonly clock: Clock) {}

  /** Prints the changes of state, and a renewal, that are new since the last call for this number. */
  changes({ phoneNumber, transitions, verificationExpiresAt, verifiedAt, state }: NumberRecord): void {
    const added = transitions.slice(this.#printed.get(phoneNumber) ?? 0);
    for (const { at, from, to, event, by } of added) {
      this.#line(at, phoneNumber, `${from} → ${to}`, by === null ? event : `${event}, by ${by}`);
    }
    this.#printed.set(phoneNumber, transitions.length);

    const before = this.#expiries.get(phoneNumber);
    if (state === 'Verified' && verificationExpiresAt && verifiedAt) {
      if (before && before !== verificationExpiresAt && added.length === 0)
        this.#line(verifiedAt, phoneNumber, 'Verified, renewed', 'verifyCode');
      this.#expiries.set(phoneNumber, verificationExpiresAt);
    }
  }

  /** Prints something that is not a change of state. */
  note(number: string, what: string): void {
    this.#line(new Date().toISOString(), number, '', what);
  }

  webhook({ type, timestamp, data }: ReceivedEvent): void {
    const whose =
      data.phoneNumber === undefined && data.wabaId !== undefined ? ` of WABA ${data.wabaId}` : '';
    this.#line(timestamp, data.phoneNumber ?? '', '', `webhook to the shop: ${type}${whose}`);
  }

  #line(at: string, number: string, change: string, cause: string): void {
    const day = this.clock.dayOf(Date.parse(at)).padStart(6);
    console.log(
      `day ${day}  ${(number === '' ? '' : `+${number}`).padEnd(16)} ${change.padEnd(28)} ${cause}`,
    );
  }
}
