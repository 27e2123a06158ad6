/** Places where calls wait until they are released by name. */
export class Barriers {
  readonly #barriers = new Map<string, Barrier>();

  /** A named barrier stands open from its release until it is closed again. */
  close(name: string): void {
    this.#at(name).open = false;
  }

  /** Resolves when the barrier is released; at once if it stands open. */
  async pass(name: string): Promise<void> {
    const barrier = this.#at(name);
    if (barrier.open) return;
    await new Promise<void>((resolve) => {
      barrier.waiting.add(resolve);
      for (const arrived of barrier.watchers.splice(0)) arrived();
    });
  }

  /** How many calls wait there: known as soon as there is one, or when `signal` aborts. */
  async arrival(name: string, signal: AbortSignal): Promise<number> {
    const barrier = this.#at(name);
    if (barrier.waiting.size === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        barrier.watchers.push(resolve);
        signal.addEventListener(
          'abort',
          () => {
            resolve();
          },
          { once: true },
        );
      });
    }
    return barrier.waiting.size;
  }

  /** @returns how many calls went on */
  release(name: string): number {
    const barrier = this.#at(name);
    barrier.open = true;
    const released = [...barrier.waiting];
    barrier.waiting.clear();
    for (const goOn of released) goOn();
    return released.length;
  }

  releaseAll(): void {
    for (const name of this.#barriers.keys()) this.release(name);
  }

  #at(name: string): Barrier {
    const barrier = this.#barriers.get(name) ?? { open: false, waiting: new Set(), watchers: [] };
    this.#barriers.set(name, barrier);
    return barrier;
  }
}

interface Barrier {
  open: boolean;
  waiting: Set<() => void>;
  watchers: (() => void)[];
}
