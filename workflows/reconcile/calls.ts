import { ActivityFailure, ApplicationFailure, proxyActivities, sleep } from '@temporalio/workflow';
import type { GraphFailure } from '../../contract/number-activities';
import type { ReconcileActivities, ReconcileGraphActivities } from '../../contract/reconcile-activities';
import { GRAPH_TASK_QUEUE, NUMBERS_TASK_QUEUE } from '../../contract/task-queues';

const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' } as const;

/** What Meta is asked, at the pace that the Graph task queue keeps for all. */
export const graph = proxyActivities<ReconcileGraphActivities>({
  taskQueue: GRAPH_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  // As with the numbers' own calls: they tell that they are alive.
  heartbeatTimeout: '15 seconds',
  retry,
});

export const local = proxyActivities<ReconcileActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  retry,
});

/** Asks Meta, and again after the wait that Meta states where it asks for one. */
export async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal?.handling !== 'wait' || refusal.retryAfter === null) throw error;
      await sleep(refusal.retryAfter, { summary: `Meta asks to wait: ${refusal.message}`.slice(0, 200) });
    }
  }
}

/** Why Meta would not, or `null` for a failure that is none of Meta's. */
export function refusalIn(error: unknown): GraphFailure | null {
  if (!(error instanceof ActivityFailure && error.cause instanceof ApplicationFailure)) return null;
  const { type, details } = error.cause;
  return type === 'GraphError' && details?.[0] ? (details[0] as GraphFailure) : null;
}
