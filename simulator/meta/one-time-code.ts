import ms from 'ms';
import { GraphError } from '../graph-error';

/** A code lives ten real minutes, whatever a policy day is (docs/rules.md, One-time codes). */
const codeLife = ms('10 minutes');
const wrongCodesWait = ms('12 hours');

/** The codes of one number: only the latest counts, it works once, and not after ten minutes. */
export class OneTimeCodes {
  #current: { code: string; sentAt: number } | null = null;
  #requestedAt: number[] = [];
  #wrong = 0;
  #blockedUntil = 0;

  /** @throws GraphError 136024/2388367 when `perHour` codes were asked for within the last hour */
  request(code: string, now: number, perHour: number | null): void {
    this.#requestedAt = this.#requestedAt.filter((at) => at > now - ms('1 hour'));
    if (perHour !== null && this.#requestedAt.length >= perHour) throw new GraphError('tooManyCodes');
    this.#requestedAt.push(now);
    this.#current = { code, sentAt: now };
  }

  /** @throws GraphError 136025, with subcode 2388093 for a wrong, used, voided or expired code */
  use(code: string, now: number, wrongAllowed: number | null): void {
    if (now < this.#blockedUntil) throw new GraphError('tooManyWrongCodes');
    const right = this.#current?.code === code && now < this.#current.sentAt + codeLife;
    if (!right) {
      this.#wrong += 1;
      if (wrongAllowed !== null && this.#wrong >= wrongAllowed) {
        this.#wrong = 0;
        this.#blockedUntil = now + wrongCodesWait;
      }
      throw new GraphError('wrongCode');
    }
    this.#wrong = 0;
    this.#current = null;
  }
}
