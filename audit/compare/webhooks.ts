import type { WebhookEvent } from '../../contract/webhook-events';
import { Sealed } from '../../temporal/sealed';
import type { Recorded } from '../recorded';
import { same, type Find } from './finding';

/** The activity that starts the deliveries of webhook events. */
export const START_DELIVERIES = 'startDeliveries';

/** Whether a run hands on the webhook events that its chart gives. */
export class Webhooks {
  /** Activities that hand them on, by the event that scheduled each. */
  readonly #underWay = new Set<number>();

  constructor(private readonly find: Find) {}

  get underWay(): boolean {
    return this.#underWay.size > 0;
  }

  compare(given: readonly WebhookEvent[], made: readonly Recorded[]): void {
    const wanted = [...given];
    let at = made[0]?.id ?? 0;
    for (const { id, event } of made) {
      if (event.kind !== 'callScheduled' || event.activity !== START_DELIVERIES) continue;
      at = id;
      this.#underWay.add(id);
      if (event.input instanceof Sealed) {
        wanted.length = 0;
        continue;
      }
      const { events } = event.input as { events: WebhookEvent[] };
      const due = wanted.splice(0, events.length);
      if (!same(events, due)) this.find(id, 'webhook events were sent that the chart does not give');
    }
    for (const { type } of wanted) this.find(at, `the webhook event ${type} was not sent`);
  }

  /** Whether an answer came to such an activity. */
  end(scheduled: number): boolean {
    return this.#underWay.delete(scheduled);
  }
}
