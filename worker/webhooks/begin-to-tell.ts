import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import type { Telling } from '../../contract/webhook-events';
import { webhookIdOf } from '../../contract/workflow-ids';
import type { tell } from '../../workflows/webhooks/deliver-webhook';

/** Begins to tell an endpoint, in a workflow that goes on for days if it must. The same news again is told once. */
export async function beginToTell(client: Client, telling: Telling): Promise<void> {
  const { endpoint, news } = telling;
  const about = news.data['phoneNumber'] ?? news.data['country'];
  try {
    await client.workflow.start<typeof tell>('tell', {
      workflowId: webhookIdOf(telling.endpoint, telling.news.id),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [telling],
      staticSummary: `${news.type} of ${/^\d+$/.test(String(about)) ? '+' : ''}${String(about)} · to ${endpoint}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
