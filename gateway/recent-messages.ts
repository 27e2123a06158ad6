/**
 * The messages that were held last, by their IDs. Only a shortcut that lets a repeat be answered as such: that a repeat
 * has no effect is Temporal's doing, which knows the ID too, also after a restart and at another gateway.
 */
export class RecentMessages {
  readonly #held = new Map<string, Promise<void>>();

  constructor(private readonly size = 10_000) {}

  /**
   * Holds a message unless it is held already; a repeat that comes meanwhile waits for the same outcome.
   *
   * @throws what `hold` throws; the message may then come again
   */
  async once(id: string, hold: () => Promise<void>): Promise<'held' | 'seen'> {
    const earlier = this.#held.get(id);
    if (earlier) {
      await earlier;
      return 'seen';
    }
    const holding = hold();
    this.#held.set(id, holding);
    try {
      await holding;
    } catch (error) {
      this.#held.delete(id);
      throw error;
    }
    this.#forgetOldest();
    return 'held';
  }

  #forgetOldest(): void {
    for (const id of this.#held.keys()) {
      if (this.#held.size <= this.size) return;
      this.#held.delete(id);
    }
  }
}
