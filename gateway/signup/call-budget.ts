import { setTimeout } from 'node:timers/promises';

/**
 * So many calls a second, of which some may be made at once. By the time that has passed and not by ticks: a process that
 * was busy for a while, or a timer that came late, loses nothing of it.
 */
export class CallBudget {
  #left: number;
  #at = performance.now();

  /** @param burst calls that may be made at once after a quiet while */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.#left = burst;
  }

  /**
   * Settles when a call may be made.
   *
   * @param leaves the part of the burst, from 0 to 1, that is not for this call
   */
  async take(leaves: number): Promise<void> {
    const needed = this.burst * leaves + 1;
    for (;;) {
      const now = performance.now();
      this.#left = Math.min(this.burst, this.#left + ((now - this.#at) / 1000) * this.perSecond);
      this.#at = now;
      if (this.#left >= needed) break;
      await setTimeout(Math.ceil(((needed - this.#left) * 1000) / this.perSecond));
    }
    this.#left--;
  }
}
