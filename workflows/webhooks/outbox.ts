import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { WebhookActivities } from '../../contract/webhook-activities';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import type { WebhookEvent } from '../../contract/webhook-events';

/**
 * News of a number on its way to those who are told. One activity for all that a workflow task brought begins to tell
 * it; it is tried until Temporal has taken it, beside whatever else the number does.
 */
export class Outbox {
  #news: WebhookEvent[] = [];
  #underWay = 0;

  /** `telling`: somebody is to be told. Without that nothing is collected, and nothing written. */
  constructor(public webhooks: boolean) {}

  get empty(): boolean {
    return this.#news.length === 0 && this.#underWay === 0;
  }

  add(news: WebhookEvent[]): void {
    this.#news.push(...news);
  }

  send(): void {
    if (this.#news.length === 0) return;
    const news = this.#news.splice(0);
    this.#underWay++;
    // Whoever cancels the number's workflow is not to cut the others off from what happened before.
    void CancellationScope.nonCancellable(() => begin(news))
      .then(({ webhooks }) => {
        if (!webhooks) this.webhooks = false;
      })
      .finally(() => this.#underWay--);
  }
}

const begin = (news: WebhookEvent[]) =>
  proxyActivities<WebhookActivities>({
    taskQueue: NUMBERS_TASK_QUEUE,
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
    summary: `Tell of ${news.map(({ type }) => type).join(', ')}`,
  }).startDeliveries({ events: news });
