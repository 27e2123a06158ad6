import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import pLimit from 'p-limit';
import { subscribes, type EndpointsFile } from '../../activities/webhooks/endpoints';
import { leaveToOtherWorkers } from '../../activities/webhooks/retry-timing';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import type { WebhookActivities } from '../../contract/webhook-activities';
import type { WebhookDelivery, WebhookEvent } from '../../contract/webhook-events';
import { webhookIdOf } from '../../contract/workflow-ids';
import type { deliverWebhook } from '../../workflows/webhooks/deliver-webhook';
import { findAlerts, type Alert } from './alerts';
import { runningIds } from './at-risk';

/** Requests to Temporal at a time. */
const CONCURRENCY = 20;

/**
 * The activities that start deliveries and check the pool, for a worker of the numbers' task queue.
 *
 * @param policyDay length of a policy day in milliseconds
 * @param findMore alerts that do not concern the pool's numbers
 */
export function createWebhookActivities(
  client: Client,
  { endpoints, stock }: EndpointsFile,
  policyDay: number,
  findMore: (at: number) => Promise<Alert[]> = () => Promise.resolve([]),
): WebhookActivities {
  const webhooks = endpoints.length > 0;

  async function startAll(events: readonly WebhookEvent[]): Promise<void> {
    const deliveries = events.flatMap((event) =>
      endpoints
        .filter((endpoint) => subscribes(endpoint, event))
        .map(({ name }) => ({ endpoint: name, event })),
    );
    await forEachConcurrently(deliveries, (delivery) => startDelivery(client, delivery));
  }

  return {
    async startDeliveries({ events }) {
      if (!webhooks) leaveToOtherWorkers('This worker has no WEBHOOK_ENDPOINTS');
      await startAll(events);
      return { webhooks };
    },
    async checkPool({ portfolioId, before, at }) {
      if (!webhooks) {
        leaveToOtherWorkers('This worker has no WEBHOOK_ENDPOINTS');
        return null;
      }
      if (before.at === null) {
        const ids: string[] = [];
        for await (const id of runningIds(client, portfolioId)) ids.push(id);
        await forEachConcurrently(ids, (id) => turnWebhooksOn(client, id));
      }
      const open = [
        ...(await findAlerts(client, { portfolioId, stock, policyDay }, at)),
        ...(await findMore(at)),
      ];
      const known = new Set(before.alerts);
      await startAll(open.filter(({ key }) => !known.has(key)).map(({ event }) => event));
      return { at: new Date(at).toISOString(), alerts: open.map(({ key }) => key) };
    },
  };
}

/** The event's ID is part of the workflow's, so that a repeat starts no second delivery. */
async function startDelivery(client: Client, delivery: WebhookDelivery): Promise<void> {
  const { endpoint, event } = delivery;
  const subject = String(event.data['phoneNumber'] ?? event.data['country'] ?? event.data['namespace']);
  try {
    await client.workflow.start<typeof deliverWebhook>('deliverWebhook', {
      workflowId: webhookIdOf(endpoint, event.id),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [delivery],
      staticSummary: `${event.type} of ${/^\d+$/.test(subject) ? '+' : ''}${subject} · to ${endpoint}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

async function turnWebhooksOn(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal<[{ on: boolean }]>('setWebhooks', { on: true });
  } catch (error) {
    // It has ended since it was listed, and will have no more events.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

async function forEachConcurrently<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  await Promise.all(items.map((item) => limit(() => act(item))));
}
