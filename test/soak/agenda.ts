import type { TestStack } from '../support/test-stack';
import { DAY } from './plan';

/** What people do and which outages come, each at its time; a deed may put others on the agenda. */
export class Agenda {
  #entries: { at: number; act: () => Promise<unknown> }[] = [];

  /** @param at milliseconds after the beginning */
  add(at: number, act: () => Promise<unknown>): void {
    this.#entries.push({ at, act });
  }

  /** Goes through it all, in order, until the end. Time stands still while something is done. */
  async run(stack: TestStack, span: number, onProgress: (passed: number) => void): Promise<void> {
    const beginning = await stack.now();
    for (let passed = 0; passed < span;) {
      const next = Math.min(passed + DAY, span, ...this.#entries.map(({ at }) => at));
      // A sleep ends soon enough to be seen to go on.
      await stack.passUntil(beginning + next);
      passed = Math.max(passed, next);
      const due = this.#entries.filter(({ at }) => at <= passed);
      this.#entries = this.#entries.filter(({ at }) => at > passed);
      for (const { act } of due) await act();
      onProgress(passed);
    }
  }
}
