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

/** An endpoint that is down over a long weekend is told; the activity itself says when it is to be tried again. */
const { postWebhook } = proxyActivities<DeliveryActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '4 days',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '6 hours' },
});

/**
 * Tells one endpoint one piece of news, for days if it must, under the ID `tell:<endpoint>:<news>`.
 *
 * @returns `taken`, or `leftOut` where the endpoint is in the file of endpoints no more
 * @throws ApplicationFailure of type `NotDelivered` where the endpoint did not take it in four days, or wants no more
 */
export async function deliverWebhook({ endpoint, event }: WebhookDelivery): Promise<'taken' | 'leftOut'> {
  const what = `**${endpoint}** of ${event.type}, ${event.id}`;
  setCurrentDetails(`Telling ${what}. Pending Activities say why it has not taken it yet.`);
  try {
    const outcome = await postWebhook({ endpoint, event });
    setCurrentDetails(
      outcome === 'taken' ? `Told ${what}.` : `Did not tell ${what}: it is in the file no more.`,
    );
    return outcome;
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    const why = error.cause?.message ?? 'it did not say why';
    setCurrentDetails(`**Could not tell** ${what}. ${why}`);
    throw ApplicationFailure.nonRetryable(
      `${endpoint} was not told of ${event.type} (${event.id}). ${why}`,
      'NotDelivered',
    );
  }
}
