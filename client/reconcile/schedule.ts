import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleOptionsStartWorkflowAction,
  type Workflow,
} from '@temporalio/client';
import { readingClient } from '../../temporal/reading-client';
import { Sealed } from '../../temporal/sealed';
import type { PortfolioId } from '../../contract/ids';
import type { ReconcileInput } from '../../contract/reconciliation';
import { reconcileIdOf } from '../../contract/workflow-ids';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';

const HOUR = 60 * 60 * 1000;

/**
 * Schedules an hourly reconciliation of the portfolio; keeps the times of a schedule that exists already. One that was
 * written with a key which this client lacks is written anew, or its runs could not be read.
 *
 * @returns the ID of that key; `null` where there was none
 */
export async function ensureSchedule(client: Client, portfolioId: PortfolioId): Promise<string | null> {
  if (await create(client, portfolioId, spec(HOUR))) return null;
  const handle = scheduleOf(client, portfolioId);
  const { action: found, spec: times, state } = await handle.describe();
  const args: readonly unknown[] = 'args' in found ? found.args : [];
  const sealed = args.find((arg) => arg instanceof Sealed);
  if (sealed) {
    // With the schedule goes its last result, which every run is handed and none could read.
    await handle.delete();
    await create(client, portfolioId, times, state);
    return sealed.keyId;
  }
  await replace(client, portfolioId, ({ spec: kept }) => kept);
  return null;
}

/** Schedules a reconciliation of the portfolio at this interval, in milliseconds, in place of any other. */
export async function setSchedule(client: Client, portfolioId: PortfolioId, every: number): Promise<void> {
  if (await create(client, portfolioId, spec(every))) return;
  await replace(client, portfolioId, () => spec(every));
}

const scheduleOf = (client: Client, portfolioId: PortfolioId) =>
  readingClient(client).schedule.getHandle(reconcileIdOf(portfolioId));

const replace = (
  client: Client,
  portfolioId: PortfolioId,
  times: (before: ScheduleDescription) => ScheduleDescription['spec'] | ReturnType<typeof spec>,
) =>
  scheduleOf(client, portfolioId).update((before) => ({
    spec: times(before),
    state: before.state,
    policies: before.policies,
    action: action(portfolioId),
  }));

/** `false` where the schedule exists already. */
async function create(
  client: Client,
  portfolioId: PortfolioId,
  times: ScheduleDescription['spec'] | ReturnType<typeof spec>,
  { paused = false }: { paused?: boolean } = {},
): Promise<boolean> {
  try {
    await client.schedule.create({
      scheduleId: reconcileIdOf(portfolioId),
      spec: times,
      action: action(portfolioId),
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      state: {
        paused,
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
