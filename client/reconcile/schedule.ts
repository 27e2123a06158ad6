import type { Client } from '@temporalio/client';
import type { PortfolioId } from '../../workflows/ids';
import { reconcileIdOf } from '../../workflows/reconcile/reconciliation';
import type { reconcileOnSchedule } from '../../workflows/reconcile/reconcile-pool';
import { NUMBERS_TASK_QUEUE } from '../../workflows/task-queues';
import { ensure, setInterval, type Plan } from '../schedule';

const HOUR = 60 * 60 * 1000;

/** Has the portfolio reconciled every hour, unless it is already at times that somebody chose; those stay. */
export const ensureSchedule = (client: Client, portfolioId: PortfolioId) =>
  ensure(client, plan(portfolioId, HOUR));

/** Has the portfolio reconciled at this interval, in milliseconds, from now on. */
export const setSchedule = (client: Client, portfolioId: PortfolioId, every: number) =>
  setInterval(client, plan(portfolioId, every));

const plan = (portfolioId: PortfolioId, every: number): Plan<typeof reconcileOnSchedule> => ({
  scheduleId: reconcileIdOf(portfolioId),
  note: `Compares the pool of portfolio ${portfolioId} with Meta's and finds claims that nobody reported.`,
  every,
  action: {
    type: 'startWorkflow',
    workflowType: 'reconcileOnSchedule',
    workflowId: `scheduled-${reconcileIdOf(portfolioId)}`,
    taskQueue: NUMBERS_TASK_QUEUE,
    args: [{ portfolioId }],
    staticSummary: `Reconciles the pool of portfolio ${portfolioId}`,
  },
});
