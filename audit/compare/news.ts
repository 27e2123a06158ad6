import type { WebhookEvent } from '../../contract/webhook-events';
import { Sealed } from '../../temporal/sealed';
import type { Recorded } from '../recorded';
import { same, type Find } from './finding';

/** The activity that tells others. */
export const TELLING = 'startDeliveries';

/** Whether a run tells others what there is to tell. */
export class NewsTold {
  /** What was not told yet. */
  readonly #due: WebhookEvent[] = [];
  /** Activities that tell it, by the event that scheduled each. */
  readonly #underWay = new Set<number>();

  constructor(private readonly find: Find) {}

  add(news: readonly WebhookEvent[]): void {
    this.#due.push(...news);
  }

  get underWay(): boolean {
    return this.#underWay.size > 0;
  }

  compare(made: readonly Recorded[]): void {
    const wanted = this.#due.splice(0);
    let at = made[0]?.id ?? 0;
    for (const { id, event } of made) {
      if (event.kind !== 'callScheduled' || event.activity !== TELLING) continue;
      at = id;
      this.#underWay.add(id);
      if (event.input instanceof Sealed) {
        wanted.length = 0;
        continue;
      }
      const { events: news } = event.input as { events: WebhookEvent[] };
      const due = wanted.splice(0, news.length);
      if (!same(news, due)) this.find(id, 'others were told something else than the chart gives');
    }
    for (const { type } of wanted) this.find(at, `others were not told of ${type}`);
  }

  /** Whether an answer came to such an activity. */
  end(scheduled: number): boolean {
    return this.#underWay.delete(scheduled);
  }
}
