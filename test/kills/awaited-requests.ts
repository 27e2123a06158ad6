/** What a process that dies leaves of the request it waits for: nothing, or all but the answer. */
export type Moment = 'lost' | 'done';
export const moments: readonly Moment[] = ['lost', 'done'];

/** At which of the requests that a process makes it is to die; they are counted from 0 on. */
export type Aim = (name: string, at: number) => boolean;

/** What a process asks of Meta, Temporal, the records and others: each request is a place at which it awaits something. */
export class AwaitedRequests {
  #count = 0;
  #armed: { aim: Aim; moment: Moment; hit: (name: string) => void } | null = null;

  /**
   * Counts anew from now on.
   *
   * @param hit hears at once when the request that is aimed at is lost, or done and its answer lost
   */
  arm(aim: Aim, moment: Moment, hit: (name: string) => void): void {
    this.#count = 0;
    this.#armed = { aim, moment, hit };
  }

  disarm(): void {
    this.#armed = null;
  }

  /** @returns what the link is to do with a request, `null` to let it pass, and whom to tell when it has */
  ask(name: string): { moment: Moment; hit: () => void } | null {
    const armed = this.#armed;
    if (!armed?.aim(name, this.#count++)) return null;
    this.#armed = null;
    return { moment: armed.moment, hit: () => armed.hit(name) };
  }
}
