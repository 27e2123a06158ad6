import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Endpoint } from './endpoints';
import type { DeliveryActivities } from '../../contract/webhook-activities';
import { age, askAnotherWorker, nextWait } from './retry-timing';
import { post } from './post';

/** Deliveries to one endpoint at a time: a slow one must not take every place on the worker. */
const AT_ONCE = 10;

/** Delivers to endpoints, for a worker of the numbers' task queue. */
export function createDeliveryActivities(endpoints: readonly Endpoint[]): DeliveryActivities {
  const underWay = new Map<string, number>();
  return {
    async postWebhook({ endpoint: name, event }) {
      const endpoint = endpoints.find((one) => one.name === name);
      if (!endpoint) {
        askAnotherWorker(`${name} is not in the file of WEBHOOK_ENDPOINTS`);
        return 'leftOut';
      }
      const busy = underWay.get(name) ?? 0;
      if (busy >= AT_ONCE) throw notYet(name, 'it is being told other things', 1_000 + Math.random() * 9_000);
      underWay.set(name, busy + 1);
      try {
        const answer = await post(endpoint, event, Context.current().cancellationSignal);
        if (answer.outcome === 'taken') return 'taken';
        if (answer.final) {
          throw ApplicationFailure.nonRetryable(`It wants no more: ${answer.why}.`, 'WebhookGone');
        }
        throw notYet(name, answer.why, answer.retryAfter);
      } finally {
        underWay.set(name, (underWay.get(name) ?? 1) - 1);
      }
    },
  };
}

const notYet = (name: string, why: string, stated: number | null) =>
  ApplicationFailure.create({
    type: 'WebhookNotTaken',
    message: `${name} did not take it: ${why}.`,
    nextRetryDelay: nextWait(age(), stated),
  });
