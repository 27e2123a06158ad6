import { setImmediate } from 'node:timers/promises';

/**
 * Writes together what comes at about the same time: on SQLite each write waits for the disk, and the process with it. What
 * comes while a batch is written is the next one.
 */
export class Batches<Item> {
  #waiting: { item: Item; done: () => void; failed: (error: unknown) => void }[] = [];
  #writing = false;

  constructor(
    private readonly write: (items: readonly Item[]) => Promise<void>,
    private readonly most = 100,
  ) {}

  /** Settles when the item is written; rejects with its own fault, not with that of another one of its batch. */
  add(item: Item): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ item, done, failed });
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#waiting.length > 0) {
      // Lets in what the same turn of the event loop brings.
      await setImmediate();
      const batch = this.#waiting.splice(0, this.most);
      await this.write(batch.map(({ item }) => item)).then(
        () => batch.forEach(({ done }) => done()),
        () => Promise.all(batch.map(({ item, done, failed }) => this.write([item]).then(done, failed))),
      );
    }
    this.#writing = false;
  }
}
