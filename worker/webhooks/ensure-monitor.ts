import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import type { PortfolioId } from '../../contract/ids';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { monitorIdOf } from '../../contract/workflow-ids';
import type { monitorPool } from '../../workflows/webhooks/monitor-pool';

/** Has the portfolio's pool looked over for warnings, now and every hour, unless it is already. */
export async function ensureMonitor(client: Client, portfolioId: PortfolioId): Promise<void> {
  await client.workflow.start<typeof monitorPool>('monitorPool', {
    workflowId: monitorIdOf(portfolioId),
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    taskQueue: NUMBERS_TASK_QUEUE,
    args: [{ portfolioId }],
    staticSummary: `Warns of what will soon be too late in the pool of portfolio ${portfolioId}`,
  });
}
