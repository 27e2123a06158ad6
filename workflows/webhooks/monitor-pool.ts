import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  proxyActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { OpenAlerts, WebhookActivities } from '../../contract/webhook-activities';
import type { PortfolioId } from '../../contract/ids';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';

/** Check now instead of within the hour. */
export const checkNow = defineSignal('checkNow');
export const getOpenAlerts = defineQuery<OpenAlerts>('getOpenAlerts');

const { checkPool } = proxyActivities<WebhookActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '15 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  summary: 'Check the pool',
});

/**
 * Checks a portfolio's pool every hour for deadlines and stock that need attention, and delivers an alert for each cause
 * that is new. Each run makes one check and passes its open alerts to the next. It is no schedule, because between two
 * checks there must be a workflow that takes `checkNow` and answers `getOpenAlerts`. Ends when no worker has endpoints.
 */
export async function monitorPool(
  input: { portfolioId: PortfolioId },
  before: OpenAlerts = { at: null, alerts: [] },
): Promise<void> {
  let requested = false;
  let open = before;
  setHandler(checkNow, () => void (requested = true), { description: 'Check the pool now.' });
  setHandler(getOpenAlerts, () => open, { description: 'The alerts whose cause persists.' });
  const next = await checkPool({ ...input, before, at: Date.now() });
  if (next === null) return;
  open = next;
  setCurrentDetails(details(before, open));
  await condition(() => requested, '1 hour');
  await continueAsNew<typeof monitorPool>(input, open);
}

function details(before: OpenAlerts, { at, alerts }: OpenAlerts): string {
  const added = alerts.filter((one) => !before.alerts.includes(one));
  return `**${String(alerts.length)} open alerts**, ${String(added.length)} of them new at the check of ${String(at)}.`;
}
