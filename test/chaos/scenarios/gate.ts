/** Opens when so many wait at it. */
export class Gate {
  #open!: () => void;
  /** Settles when all have passed. */
  readonly passed = new Promise<void>((resolve) => (this.#open = resolve));

  constructor(private missing: number) {}

  async pass(): Promise<void> {
    if (--this.missing === 0) this.#open();
    await this.passed;
  }
}
