import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { WebhookActivities } from '../../contract/webhook-activities';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import type { WebhookEvent } from '../../contract/webhook-events';

/**
 * A number's webhook events until their deliveries are started. All events of a workflow task share one activity, which is
 * retried until it succeeds and holds up nothing else that the number does.
 */
export class WebhookOutbox {
  #events: WebhookEvent[] = [];
  #sending = 0;

  /** @param webhooks whether there are endpoints; without any, the caller adds no events and nothing is written */
  constructor(public webhooks: boolean) {}

  get empty(): boolean {
    return this.#events.length === 0 && this.#sending === 0;
  }

  add(events: WebhookEvent[]): void {
    this.#events.push(...events);
  }

  send(): void {
    if (this.#events.length === 0) return;
    const events = this.#events.splice(0);
    this.#sending++;
    // Cancelling the number's workflow must not lose the events that came before.
    void CancellationScope.nonCancellable(() => startDeliveries(events))
      .then(({ webhooks }) => {
        if (!webhooks) this.webhooks = false;
      })
      .finally(() => this.#sending--);
  }
}

const startDeliveries = (events: WebhookEvent[]) =>
  proxyActivities<WebhookActivities>({
    taskQueue: NUMBERS_TASK_QUEUE,
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
    summary: `Webhooks ${events.map(({ type }) => type).join(', ')}`,
  }).startDeliveries({ events });
