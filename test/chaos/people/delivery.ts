import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../../simulator/random';
import type { SignedRequest } from '../../../stack/senders';

/** What senders met with. */
export interface DeliveryCounts {
  /** Messages, each counted once. */
  messages: number;
  /** Times that one was handed over, repeats and new tries included. */
  tries: number;
  /** 200 and 202. */
  acknowledged: number;
  /** 503, no connection, or a connection that was cut. */
  turnedAway: number;
  /** 404: the number's life has ended. */
  tooLate: number;
}

export interface DeliveryOptions {
  /** Most copies of one message that are on their way. */
  copies: number;
  /** Longest delay of a copy, in milliseconds: they overtake each other. */
  delay: number;
}

/**
 * The way from Twilio and Meta to the gateway: it keeps a message until it is taken, and delivers it late, several times
 * and in any order, as the seed says.
 */
export class Delivery {
  readonly counts: DeliveryCounts = { messages: 0, tries: 0, acknowledged: 0, turnedAway: 0, tooLate: 0 };
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly gatewayUrl: string,
    private readonly random: Random,
    private readonly options: DeliveryOptions,
    private readonly signal: AbortSignal,
  ) {}

  /** Settles when every copy has come to its end. @returns whether one of them was acknowledged */
  async send(request: SignedRequest): Promise<boolean> {
    this.counts.messages++;
    const copies = 1 + Math.floor(this.random.next() * this.options.copies);
    const delays = Array.from({ length: copies }, () => this.random.next() * this.options.delay);
    const sent = Promise.all(delays.map((delay) => this.#deliver(request, delay)));
    this.#underWay.add(sent);
    try {
      return (await sent).includes(true);
    } finally {
      this.#underWay.delete(sent);
    }
  }

  /** Until nothing is on its way. */
  async drained(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #deliver(request: SignedRequest, delay: number): Promise<boolean> {
    await pause(delay, undefined, { signal: this.signal }).catch(() => undefined);
    while (!this.signal.aborted) {
      this.counts.tries++;
      const status = await this.#post(request);
      if (status === 200 || status === 202) this.counts.acknowledged++;
      else if (status === 404) this.counts.tooLate++;
      else if (status === null || status === 503 || status === 429) {
        this.counts.turnedAway++;
        await pause(500, undefined, { signal: this.signal }).catch(() => undefined);
        continue;
      } else throw new Error(`the gateway answered ${request.url} with ${status}`);
      return status !== 404;
    }
    return false;
  }

  async #post({ method, url, headers, body }: SignedRequest): Promise<number | null> {
    try {
      const signal = AbortSignal.any([this.signal, AbortSignal.timeout(15_000)]);
      return (await fetch(this.gatewayUrl + url, { method, headers, body, signal })).status;
    } catch {
      return null;
    }
  }
}
