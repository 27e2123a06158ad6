import type { NumberRecord } from '../../client';
import type { Clock } from './clock';
import type { News } from './listener';

/** Tells every change of state once, as a line. */
export class Narrator {
  readonly #told = new Map<string, number>();
  readonly #renewals = new Map<string, string>();

  constructor(private readonly clock: Clock) {}

  tell({ phoneNumber, transitions, verificationExpiresAt, verifiedAt, state }: NumberRecord): void {
    const news = transitions.slice(this.#told.get(phoneNumber) ?? 0);
    for (const { at, from, to, event, by } of news) {
      this.#line(at, phoneNumber, `${from} → ${to}`, by === null ? event : `${event}, by ${by}`);
    }
    this.#told.set(phoneNumber, transitions.length);

    const before = this.#renewals.get(phoneNumber);
    if (state === 'Verified' && verificationExpiresAt && verifiedAt) {
      if (before && before !== verificationExpiresAt && news.length === 0)
        this.#line(verifiedAt, phoneNumber, 'Verified, renewed', 'verifyCode');
      this.#renewals.set(phoneNumber, verificationExpiresAt);
    }
  }

  /** What somebody does that is no change of state. */
  aside(number: string, what: string): void {
    this.#line(new Date().toISOString(), number, '', what);
  }

  /** What the shop was told by webhook. */
  told({ type, timestamp, data }: News): void {
    this.#line(timestamp, data.phoneNumber ?? '', '', `the shop is told: ${type}`);
  }

  #line(at: string, number: string, change: string, cause: string): void {
    const day = this.clock.dayOf(Date.parse(at)).padStart(6);
    console.log(`day ${day}  ${`+${number}`.padEnd(16)} ${change.padEnd(28)} ${cause}`);
  }
}
