/** The simulator's only clock: real time, moved by hand. Nothing waits on it; every period is worked out when asked. */
export class Clock {
  readonly #source: () => number;
  #offset = 0;

  /** @param source epoch milliseconds; the clock runs as it runs */
  constructor(source: () => number = Date.now) {
    this.#source = source;
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#source() + this.#offset;
  }

  /** @param by milliseconds, negative to go back */
  advance(by: number): void {
    this.#offset += by;
  }

  /** @param now epoch milliseconds; the clock runs on from there */
  set(now: number): void {
    this.#offset = now - this.#source();
  }
}
