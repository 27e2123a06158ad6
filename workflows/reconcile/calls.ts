import { proxyActivities, sleep } from '@temporalio/workflow';
import { graphFailureIn } from '../../contract/graph-failure';
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
      const failure = graphFailureIn(error);
      if (failure?.handling !== 'wait' || failure.retryAfter === null) throw error;
      await sleep(failure.retryAfter, { summary: `Meta asks to wait: ${failure.message}`.slice(0, 200) });
    }
  }
}
