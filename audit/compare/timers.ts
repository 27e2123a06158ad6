import type { Interpretation } from '../../workflows/interpreter/interpretation';
import { instant } from '../../contract/times';
import type { Recorded } from '../recorded';
import type { Find } from './finding';

interface SetTimer {
  id: string;
  dueAt: number;
}

/** Whether a run sets the timers of its chart, and they fire when they are due. */
export class Timers {
  /** Those that the server has, by the event that started each. */
  readonly #running = new Map<number, SetTimer>();

  constructor(private readonly find: Find) {}

  compare(now: Interpretation, at: number, made: readonly Recorded[]): void {
    for (const { event } of made) if (event.kind === 'timerCancelled') this.#running.delete(event.timer);
    const running = new Set([...this.#running.values()].map(({ id, dueAt }) => `${id} ${String(dueAt)}`));
    const wanted = Object.entries(now.timers)
      .map(([id, { dueAt }]) => ({ id, dueAt }))
      .filter(({ id, dueAt }) => !running.has(`${id} ${String(dueAt)}`));
    for (const { id, event } of made) {
      if (event.kind !== 'timerStarted') continue;
      const index = wanted.findIndex(({ dueAt }) => Math.max(1, dueAt - at) === event.duration);
      const [timer] = index < 0 ? [] : wanted.splice(index, 1);
      if (timer) this.#running.set(id, timer);
      else this.find(id, `a timer of ${String(event.duration)} ms was started that the chart does not set`);
    }
    for (const { dueAt } of wanted) {
      this.find(made[0]?.id ?? 0, `the chart sets a timer for ${instant(dueAt)}, which was not started`);
    }
  }

  /** The timer that fired; `null` where there is none, which is a finding. `firedAt` is the server's time. */
  fired(started: number, firedAt: number, eventId: number): SetTimer | null {
    const timer = this.#running.get(started);
    if (!timer) {
      this.find(eventId, 'a timer fired that was never started');
      return null;
    }
    if (firedAt < timer.dueAt - 1) {
      this.find(
        eventId,
        `a timer fired at ${instant(firedAt)}, before it was due at ${instant(timer.dueAt)}`,
      );
    }
    this.#running.delete(started);
    return timer;
  }
}
