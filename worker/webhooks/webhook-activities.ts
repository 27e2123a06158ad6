import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { wants, type Endpoints } from '../../activities/webhooks/endpoints';
import type { WebhookActivities } from '../../contract/webhook-activities';
import { askAnotherWorker } from '../../activities/webhooks/retry-timing';
import { countFree, expiringBefore, livingIds, registeringBefore } from './at-risk';
import { startDelivery } from './start-delivery';
import type { PortfolioId } from '../../contract/ids';
import type { WebhookEvent } from '../../contract/webhook-events';
import {
  EXPIRES_SOON,
  expiresSoon,
  REGISTER_SOON,
  registerSoon,
  stockLow,
  type Alert,
} from '../../contract/alerts';

/** Requests to Temporal at a time. */
const AT_ONCE = 20;

/**
 * Begins to tell what happened and warns of what will, for a worker of the numbers' task queue. `policyDay`: length of a
 * policy day in milliseconds.
 */
export function createNewsActivities(
  client: Client,
  { endpoints, stock }: Endpoints,
  policyDay: number,
): WebhookActivities {
  const nobody = endpoints.length === 0;

  async function deliverAll(events: readonly WebhookEvent[]): Promise<void> {
    const deliveries = events.flatMap((event) =>
      endpoints.filter((endpoint) => wants(endpoint, event)).map(({ name }) => ({ endpoint: name, event })),
    );
    await eachOf(deliveries, (delivery) => startDelivery(client, delivery));
  }

  async function occasions(portfolioId: PortfolioId, at: number): Promise<Alert[]> {
    const expiring = await expiringBefore(client, portfolioId, at + EXPIRES_SOON * policyDay);
    const registering = await registeringBefore(client, portfolioId, at + REGISTER_SOON * policyDay);
    const free = await Promise.all(
      Object.entries(stock).map(async ([country, minimum]) => ({
        country,
        minimum,
        free: await countFree(client, portfolioId, country, at),
      })),
    );
    return [
      ...expiring.map((number) => expiresSoon(portfolioId, number, at)),
      ...registering.map((number) => registerSoon(portfolioId, number, at)),
      ...free.filter((one) => one.free < one.minimum).map((one) => stockLow(portfolioId, one, at)),
    ];
  }

  return {
    async startDeliveries({ events }) {
      if (nobody) askAnotherWorker('This worker has no WEBHOOK_ENDPOINTS');
      await deliverAll(events);
      return { webhooks: !nobody };
    },
    async checkPool({ portfolioId, before, at }) {
      if (nobody) {
        askAnotherWorker('This worker has no WEBHOOK_ENDPOINTS');
        return null;
      }
      if (before.at === null) {
        const ids: string[] = [];
        for await (const id of livingIds(client, portfolioId)) ids.push(id);
        await eachOf(ids, (id) => sayThatWeTell(client, id));
      }
      const standing = await occasions(portfolioId, at);
      const known = new Set(before.alerts);
      await deliverAll(standing.filter(({ key }) => !known.has(key)).map(({ event }) => event));
      return { at: new Date(at).toISOString(), alerts: standing.map(({ key }) => key) };
    },
  };
}

/** One that has ended meanwhile has nothing more to tell. */
async function sayThatWeTell(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal<[{ on: boolean }]>('setWebhooks', { on: true });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

async function eachOf<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const limit = pLimit(AT_ONCE);
  await Promise.all(items.map((item) => limit(() => act(item))));
}
