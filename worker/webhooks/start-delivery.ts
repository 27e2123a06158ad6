import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import type { WebhookDelivery } from '../../contract/webhook-events';
import { webhookIdOf } from '../../contract/workflow-ids';
import type { deliverWebhook } from '../../workflows/webhooks/deliver-webhook';

/** Begins to tell an endpoint, in a workflow that goes on for days if it must. The same news again is told once. */
export async function startDelivery(client: Client, delivery: WebhookDelivery): Promise<void> {
  const { endpoint, event } = delivery;
  const about = event.data['phoneNumber'] ?? event.data['country'];
  try {
    await client.workflow.start<typeof deliverWebhook>('deliverWebhook', {
      workflowId: webhookIdOf(endpoint, event.id),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [delivery],
      staticSummary: `${event.type} of ${/^\d+$/.test(String(about)) ? '+' : ''}${String(about)} · to ${endpoint}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
