/** Reproducible randomness: the same seed and stream give the same values (mulberry32). Not for real secrets. */
export class Random {
  #state: number;

  /** @param stream keeps one use from shifting another's values */
  constructor(seed: number, stream: string) {
    this.#state = Array.from(stream).reduce(
      (hash, char) => Math.imul(hash ^ char.charCodeAt(0), 0x01000193),
      seed | 0,
    );
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** That many decimal digits; the first may be 0. */
  digits(length: number): string {
    return Array.from({ length }, () => Math.floor(this.next() * 10)).join('');
  }
}
