/** A place where lives wait for each other, and for leave to go on. */
export class Gate {
  #fill!: () => void;
  #open!: () => void;
  /** Settles when all are there. */
  readonly full = new Promise<void>((resolve) => (this.#fill = resolve));
  readonly #opened = new Promise<void>((resolve) => (this.#open = resolve));

  constructor(private missing: number) {}

  async pass(): Promise<void> {
    if (--this.missing === 0) this.#fill();
    await this.#opened;
  }

  open(): void {
    this.#open();
  }
}
