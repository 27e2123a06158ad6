import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { ensureSchedule } from '../client/reconcile/schedule';
import type { PortfolioId } from '../contract/ids';
import { NUMBERS_TASK_QUEUE } from '../contract/task-queues';
import { monitorIdOf } from '../contract/workflow-ids';
import type { monitorPool } from '../workflows/webhooks/monitor-pool';

interface Monitoring {
  portfolioId: PortfolioId | null;
  /** Whether there are endpoints. */
  webhooks: boolean;
}

/** Has the portfolio reconciled and monitored every hour, unless that is under way already. */
export async function ensureMonitoring(client: Client, { portfolioId, webhooks }: Monitoring): Promise<void> {
  if (portfolioId !== null) {
    await ensureSchedule(client, portfolioId);
    if (webhooks) await ensureMonitor(client, portfolioId);
  } else if (webhooks) {
    Runtime.instance().logger.warn(
      'PORTFOLIO_ID is not set: the endpoints of WEBHOOK_ENDPOINTS get no alerts about deadlines and stock',
    );
  }
}

async function ensureMonitor(client: Client, portfolioId: PortfolioId): Promise<void> {
  await client.workflow.start<typeof monitorPool>('monitorPool', {
    workflowId: monitorIdOf(portfolioId),
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    taskQueue: NUMBERS_TASK_QUEUE,
    args: [{ portfolioId }],
    staticSummary: `Checks the pool of portfolio ${portfolioId} for deadlines and stock that need attention`,
  });
}
