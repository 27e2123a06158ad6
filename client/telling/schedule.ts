import type { Client } from '@temporalio/client';
import type { PortfolioId } from '../../workflows/ids';
import { NUMBERS_TASK_QUEUE } from '../../workflows/task-queues';
import type { warn } from '../../workflows/telling/warn';
import { ensure } from '../schedule';

const HOUR = 60 * 60 * 1000;

/** Has the portfolio's pool looked over for warnings, now and every hour, unless it is already at times that somebody chose. */
export const ensureWarnings = (client: Client, portfolioId: PortfolioId) =>
  ensure<typeof warn>(client, {
    scheduleId: `warn:${portfolioId}`,
    note: `Tells the endpoints of WEBHOOK_ENDPOINTS what will soon be too late in the pool of portfolio ${portfolioId}.`,
    every: HOUR,
    atOnce: true,
    action: {
      type: 'startWorkflow',
      workflowType: 'warn',
      workflowId: `scheduled-warn:${portfolioId}`,
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [{ portfolioId }],
      staticSummary: `Looks for warnings in the pool of portfolio ${portfolioId}`,
    },
  });
