import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
} from '@temporalio/workflow';
import type { DeliveryActivities } from '../../contract/webhook-activities';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import type { WebhookDelivery } from '../../contract/webhook-events';

/** Four days outlast a long weekend. The activity states the delay of each retry itself, as a rule. */
const { postWebhook } = proxyActivities<DeliveryActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '4 days',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '6 hours' },
});

/**
 * Delivers one event to one endpoint, trying for up to four days. Its workflow ID is `webhook:<endpoint>:<event ID>`.
 *
 * @returns `unknownEndpoint` if the endpoints file does not list the endpoint any more
 * @throws ApplicationFailure of type `NotDelivered` if the endpoint did not accept the event in four days, or answered 410
 */
export async function deliverWebhook({
  endpoint,
  event,
}: WebhookDelivery): Promise<'delivered' | 'unknownEndpoint'> {
  const delivery = `${event.type} (${event.id}) to **${endpoint}**`;
  setCurrentDetails(
    `Delivering ${delivery}. If this takes long, Pending Activities says why the last attempt failed.`,
  );
  try {
    const outcome = await postWebhook({ endpoint, event });
    setCurrentDetails(
      outcome === 'delivered'
        ? `Delivered ${delivery}.`
        : `Did not deliver ${delivery}: the endpoints file does not list it any more.`,
    );
    return outcome;
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    const reason = error.cause?.message ?? 'The reason is unknown.';
    setCurrentDetails(`**Could not deliver** ${delivery}. ${reason}`);
    throw ApplicationFailure.nonRetryable(
      `${event.type} (${event.id}) was not delivered to ${endpoint}. ${reason}`,
      'NotDelivered',
    );
  }
}
