import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { WebhookActivities } from '../../contract/webhook-activities';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import type { WebhookEvent } from '../../contract/webhook-events';

/**
 * Webhook events of a number on their way to the endpoints: one activity for all that a workflow task brought starts
 * their deliveries. It is tried until Temporal has taken them, beside whatever else the number does.
 */
export class WebhookOutbox {
  readonly #underWay = new Set<WebhookEvent[]>();

  /** @param onNoEndpoints called where no worker has endpoints any more */
  constructor(private readonly onNoEndpoints: () => void) {}

  get empty(): boolean {
    return this.#underWay.size === 0;
  }

  /** Events that Temporal may not have taken yet: each is delivered once, however often it is handed on. */
  get underWay(): WebhookEvent[] {
    return [...this.#underWay].flat();
  }

  send(events: WebhookEvent[]): void {
    if (events.length === 0) return;
    this.#underWay.add(events);
    // Cancelling the number's workflow must not lose the events that came before.
    void CancellationScope.nonCancellable(() => startDeliveries(events))
      .then(({ webhooks }) => {
        if (!webhooks) this.onNoEndpoints();
      })
      .finally(() => this.#underWay.delete(events));
  }
}

const startDeliveries = (events: WebhookEvent[]) =>
  proxyActivities<WebhookActivities>({
    taskQueue: NUMBERS_TASK_QUEUE,
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
    summary: `Webhooks ${events.map(({ type }) => type).join(', ')}`,
  }).startDeliveries({ events });
