import {
  ActivityCancellationType,
  ActivityFailure,
  proxyActivities,
  TimeoutFailure,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { NumberActivities } from '../../contract/number-activities';
import type { Child } from '../interpreter/interpretation';
import type { PortfolioId } from '../../contract/ids';
import { GRAPH_TASK_QUEUE } from '../../contract/task-queues';
import { activityOf, refusalOf } from './call-outcome';

const options: ActivityOptions = {
  taskQueue: GRAPH_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  // A worker that died is noticed by its silence: its numbers do not wait the whole minute.
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
};

/** Calls that somebody waits for, or that are void ten minutes later: they go before all others that are due. */
const urgent = ['verifyCode', 'confirmClaim', 'claimNumber', 'registerNumber'];

/**
 * Does one child's work as an activity. A refusal by Meta is thrown as a GraphFailure. Where calls have to wait
 * for Meta's budget, portfolios take turns; a server that knows no fairness lets them go in order.
 */
export function callGraph(
  { src, input }: Child,
  summary: string,
  portfolioId: PortfolioId,
): Promise<unknown> {
  const priority = { priorityKey: urgent.includes(src) ? 2 : 3, fairnessKey: portfolioId };
  // A second code makes the first one void: Temporal must not ask again by itself.
  const once = src === 'requestCode' ? { retry: { maximumAttempts: 1 } } : {};
  const activities = proxyActivities<NumberActivities>({ ...options, ...once, priority, summary });
  const answered = activities[activityOf({ src, input })](input as never) as Promise<unknown>;
  return answered.then(
    (answer) => answer ?? null,
    (error: unknown) => {
      if (!(error instanceof ActivityFailure)) throw error;
      if (src === 'requestCode' && error.cause instanceof TimeoutFailure) return { outcome: 'unknown' };
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- the chart takes its failures as data
      throw refusalOf(error.cause);
    },
  );
}
