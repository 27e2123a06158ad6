import type { WebhookEvent } from '../../contract/webhook-events';
import { Sealed } from '../../temporal/sealed';
import type { Recorded } from '../recorded';
import { same, type Find } from './finding';

/** The activity that starts the deliveries of webhook events. */
export const START_DELIVERIES = 'startDeliveries';

/** Whether a run hands on the webhook events that its chart gives. */
export class Webhooks {
  /** Activities that hand them on, by the event that scheduled each. */
  readonly #underWay = new Map<number, WebhookEvent[]>();

  constructor(private readonly find: Find) {}

  /** Events that were not handed on yet. */
  get underWay(): WebhookEvent[] {
    return [...this.#underWay.values()].flat();
  }

  compare(given: readonly WebhookEvent[], made: readonly Recorded[]): void {
    const wanted = [...given];
    let at = made[0]?.id ?? 0;
    for (const { id, event } of made) {
      if (event.kind !== 'callScheduled' || event.activity !== START_DELIVERIES) continue;
      at = id;
      if (event.input instanceof Sealed) {
        this.#underWay.set(id, wanted.splice(0));
        continue;
      }
      const { events } = event.input as { events: WebhookEvent[] };
      const due = wanted.splice(0, events.length);
      this.#underWay.set(id, events);
      if (!same(events, due)) this.find(id, 'webhook events were sent that the chart does not give');
    }
    for (const { type } of wanted) this.find(at, `the webhook event ${type} was not sent`);
  }

  /** Whether an answer came to such an activity. */
  end(scheduled: number): boolean {
    return this.#underWay.delete(scheduled);
  }
}
