import { ApplicationFailure, Context } from '@temporalio/activity';
import type { DeliveryActivities } from '../../contract/webhook-activities';
import type { Endpoint } from './endpoints';
import { post } from './post';
import { leaveToOtherWorkers, retryDelay, sinceScheduled } from './retry-timing';

/** At a time, per endpoint and worker: a slow endpoint must not occupy all of the worker's slots. */
const MAX_CONCURRENT_DELIVERIES = 10;

/** The activities that post to endpoints, for a worker of the numbers' task queue. */
export function createDeliveryActivities(endpoints: readonly Endpoint[]): DeliveryActivities {
  const running = new Map<string, number>();
  return {
    async postWebhook({ endpoint: name, event }) {
      const endpoint = endpoints.find((one) => one.name === name);
      if (!endpoint) {
        leaveToOtherWorkers(`${name} is not in the file of WEBHOOK_ENDPOINTS`);
        return 'unknownEndpoint';
      }
      const count = running.get(name) ?? 0;
      if (count >= MAX_CONCURRENT_DELIVERIES) {
        const reason = `${String(count)} other deliveries to it are running`;
        throw retryableFailure(name, reason, 1_000 + Math.random() * 9_000);
      }
      running.set(name, count + 1);
      try {
        const result = await post(endpoint, event, Context.current().cancellationSignal);
        if (result.outcome === 'accepted') return 'delivered';
        if (result.gone) {
          throw ApplicationFailure.nonRetryable(
            `${name} accepts no more webhooks: ${result.reason}.`,
            'EndpointGone',
          );
        }
        throw retryableFailure(name, result.reason, result.retryAfter);
      } finally {
        running.set(name, (running.get(name) ?? 1) - 1);
      }
    },
  };
}

const retryableFailure = (name: string, reason: string, retryAfter: number | null) =>
  ApplicationFailure.create({
    type: 'WebhookNotAccepted',
    message: `${name} did not accept the webhook: ${reason}.`,
    nextRetryDelay: retryDelay(sinceScheduled(), retryAfter),
  });
