/** The demo's calendar: policy days since it began. */
export class Clock {
  readonly #begun = Date.now();

  /** @param length of a policy day in milliseconds */
  constructor(private readonly length: number) {}

  /** Days, with one decimal, at a moment; now by default. */
  dayOf(moment = Date.now()): string {
    return ((moment - this.#begun) / this.length).toFixed(1);
  }

  /** Milliseconds until a day; 0 if it has passed. */
  until(day: number): number {
    return Math.max(0, this.#begun + day * this.length - Date.now());
  }

  /** Milliseconds that so many days last. */
  span(days: number): number {
    return days * this.length;
  }
}
