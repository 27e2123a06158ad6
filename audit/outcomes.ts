import type { Interpretation } from '../workflows/interpreter/interpretation';
import type { MessageEvent } from '../workflows/number/events';
import { refusalNote, type Refused } from '../workflows/number/intake';
import type { Told } from '../workflows/number/number-record';
import { failureOf, isSettled } from '../workflows/number/outcome';

/** A message as the history has it. */
export interface Sent {
  name: string;
  payload: unknown;
  /** The event of an update; `null` for a signal. */
  update: number | null;
}

/** How messages end by the chart: the failures of signals show in the record, those of updates in their answers. */
export class Outcomes {
  /** Those that were accepted and whose effect is not settled. */
  readonly #waiting: { sent: Sent; event: MessageEvent; before: Interpretation }[] = [];
  /** Of updates, by their events. */
  readonly #ended = new Map<number, Refused | null>();

  constructor(private readonly told: Told) {}

  /** `before` is how the message found the number, `now` what it made of it. */
  accepted(
    sent: Sent,
    event: MessageEvent,
    { before, now }: { before: Interpretation; now: Interpretation },
  ): void {
    if (isSettled(now, event)) this.end(sent, null, event.at);
    else this.#waiting.push({ sent, event, before });
  }

  settle(now: Interpretation, at: number): void {
    for (const waiting of this.#waiting.splice(0)) {
      const { sent, event, before } = waiting;
      if (isSettled(now, event)) this.end(sent, failureOf(before, now, event), at);
      else this.#waiting.push(waiting);
    }
  }

  /** Why an update failed; `null` if it did not, `undefined` while that is not settled. */
  of(update: number): Refused | null | undefined {
    return this.#ended.get(update);
  }

  /** A message that was refused, or whose effect is settled. */
  end({ name, payload, update }: Sent, refused: Refused | null, at: number): void {
    if (update !== null) this.#ended.set(update, refused);
    else if (refused) this.told.lastRefusal = refusalNote(name, refused, payload, at);
  }
}
