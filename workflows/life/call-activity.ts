import {
  ActivityCancellationType,
  ActivityFailure,
  proxyActivities,
  TimeoutFailure,
  type ActivityOptions,
} from '@temporalio/workflow';
import { GRAPH_TASK_QUEUE } from '../../contract/task-queues';
import type { ChildEnd } from '../interpreter/interpretation';
import { failedEnd } from './failed-end';

const options: ActivityOptions = {
  taskQueue: GRAPH_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  // A worker that died is noticed by its silence: its lives do not wait the whole minute.
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
};

/**
 * Does a child's work as an activity, by default on the queue of the calls to Meta; a failure of Meta's is thrown as a
 * `GraphFailure`.
 *
 * @param unanswered the end of one that timed out
 */
export async function callActivity(
  activity: string,
  input: unknown,
  own: ActivityOptions,
  unanswered: () => ChildEnd = () => failedEnd(undefined),
): Promise<unknown> {
  const activities = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>({
    ...options,
    ...own,
  });
  try {
    return (await activities[activity]?.(input)) ?? null;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const end = error.cause instanceof TimeoutFailure ? unanswered() : failedEnd(error.cause);
    if ('output' in end) return end.output;

    throw end.error;
  }
}
