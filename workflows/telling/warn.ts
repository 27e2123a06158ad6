import { proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { NewsActivities } from '../../activities/telling/interface';
import type { PortfolioId } from '../ids';
import { NUMBERS_TASK_QUEUE } from '../task-queues';
import type { Standing } from './occasions';

const { warnOthers } = proxyActivities<NewsActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '15 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

/**
 * Looks over a portfolio's pool for what will soon be too late, and tells what the look before did not tell already. On a
 * schedule, which hands the result of one look to the next.
 */
export async function warn({ portfolioId }: { portfolioId: PortfolioId }): Promise<Standing> {
  const before = (workflowInfo().lastResult as Standing | undefined) ?? { told: false, occasions: [] };
  const standing = await warnOthers({ portfolioId, before, at: Date.now() });
  setCurrentDetails(
    standing.told
      ? `${String(standing.occasions.length)} warnings stand, ${String(standing.occasions.filter((one) => !before.occasions.includes(one)).length)} of them are new.`
      : 'No worker has WEBHOOK_ENDPOINTS: nobody is told.',
  );
  return standing;
}
