import {
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { ensureSchedule } from '../client/reconcile/schedule';
import type { PortfolioId } from '../contract/ids';
import { readingClient, unreadableKey } from '../temporal/reading-client';
import { NUMBERS_TASK_QUEUE } from '../contract/task-queues';
import { monitorIdOf, reconcileIdOf } from '../contract/workflow-ids';
import type { monitorPool } from '../workflows/webhooks/monitor-pool';

interface Monitoring {
  portfolioId: PortfolioId | null;
  /** Whether there are endpoints. */
  webhooks: boolean;
}

/** Has the portfolio reconciled and monitored every hour, unless that is under way already. */
export async function ensureMonitoring(client: Client, { portfolioId, webhooks }: Monitoring): Promise<void> {
  await endUnreadable(client);
  if (portfolioId !== null) {
    const keyId = await ensureSchedule(client, portfolioId);
    if (keyId !== null) warn(`The schedule ${reconcileIdOf(portfolioId)}`, keyId, 'was written anew');
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

/** Of these one runs at a time: one that no worker can read would stand in the way of all to come. */
const lookAfterPool = [
  'monitorPool',
  'reconcilePool',
  'reconcileOnSchedule',
  'findClaims',
  'keepRecords',
  'keepRecordsOnSchedule',
];

/** Ends what looks after the pool and was begun under a key that this worker lacks; it is begun anew where it is needed. */
async function endUnreadable(client: Client): Promise<void> {
  const types = lookAfterPool.map((type) => `'${type}'`).join(', ');
  const query = `WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`;
  const reading = readingClient(client);
  for await (const { workflowId, runId } of reading.workflow.list({ query })) {
    const handle = reading.workflow.getHandle(workflowId, runId);
    const { raw } = await handle.describe();
    const keyId = await unreadableKey(client, raw.executionConfig?.userMetadata?.summary);
    if (keyId === null) continue;
    try {
      await handle.terminate(`It is encrypted with the key ${keyId}, which the pool's workers lack`);
    } catch (error) {
      // Another worker that starts has ended it.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    warn(`The workflow ${workflowId}`, keyId, 'was ended, and begins anew');
  }
}

function warn(what: string, keyId: string, done: string): void {
  Runtime.instance().logger.warn(
    `${what} was encrypted with the key ${keyId}, which this worker lacks: it ${done}`,
  );
}
