import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { GRAPH_TASK_QUEUE, NUMBERS_TASK_QUEUE } from '../contract/task-queues';

const { TaskQueueType } = temporal.api.enums.v1;

const queues = [
  { taskQueue: NUMBERS_TASK_QUEUE, taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW },
  { taskQueue: GRAPH_TASK_QUEUE, taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY },
];

/** A poll waits for a minute; one that has not come again in two is no longer there, though the server lists it for five. */
const aliveWithin = 2 * 60_000;

export interface Pollers {
  taskQueue: string;
  /** Each worker as it calls itself: process and machine, and our version. */
  alive: string[];
}

/** Who waits for work on each task queue. */
export async function countPollers({ workflowService, options }: Client): Promise<Pollers[]> {
  const since = Date.now() - aliveWithin;
  return Promise.all(
    queues.map(async ({ taskQueue, taskQueueType }) => {
      const { pollers } = await workflowService.describeTaskQueue({
        namespace: options.namespace,
        taskQueue: { name: taskQueue },
        taskQueueType,
      });
      const alive = pollers.filter(
        ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 >= since,
      );
      return { taskQueue, alive: [...new Set(alive.map(({ identity }) => identity ?? ''))] };
    }),
  );
}
