import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptionsStartWorkflowAction,
  type Workflow,
} from '@temporalio/client';
import type { PortfolioId } from '../../contract/ids';
import type { ReconcileInput } from '../../contract/reconciliation';
import { reconcileIdOf } from '../../contract/workflow-ids';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';

const HOUR = 60 * 60 * 1000;

/** Schedules an hourly reconciliation of the portfolio; keeps the times of a schedule that exists already. */
export async function ensureSchedule(client: Client, portfolioId: PortfolioId): Promise<void> {
  if (await create(client, portfolioId, HOUR)) return;
  await scheduleOf(client, portfolioId).update(({ spec, state, policies }) => ({
    spec,
    state,
    policies,
    action: action(portfolioId),
  }));
}

/** Schedules a reconciliation of the portfolio at this interval, in milliseconds, in place of any other. */
export async function setSchedule(client: Client, portfolioId: PortfolioId, every: number): Promise<void> {
  if (await create(client, portfolioId, every)) return;
  await scheduleOf(client, portfolioId).update(({ state, policies }) => ({
    spec: spec(every),
    state,
    policies,
    action: action(portfolioId),
  }));
}

const scheduleOf = (client: Client, portfolioId: PortfolioId) =>
  client.schedule.getHandle(reconcileIdOf(portfolioId));

/** `false` where the schedule exists already. */
async function create(client: Client, portfolioId: PortfolioId, every: number): Promise<boolean> {
  try {
    await client.schedule.create({
      scheduleId: reconcileIdOf(portfolioId),
      spec: spec(every),
      action: action(portfolioId),
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      state: {
        note: `Compares the numbers of portfolio ${portfolioId} with Meta's pool and finds claims that nobody reported.`,
      },
    });
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

/** The offset makes intervals count from now. Temporal counts them from the epoch: it would read all pools on the hour. */
const spec = (every: number) => ({ intervals: [{ every, offset: Date.now() % every }] });

const action = (portfolioId: PortfolioId): ScheduleOptionsStartWorkflowAction<Workflow> => ({
  type: 'startWorkflow',
  workflowType: 'reconcileOnSchedule',
  workflowId: `scheduled-${reconcileIdOf(portfolioId)}`,
  taskQueue: NUMBERS_TASK_QUEUE,
  args: [{ portfolioId } satisfies ReconcileInput],
  staticSummary: `Reconciles the pool of portfolio ${portfolioId}`,
});
