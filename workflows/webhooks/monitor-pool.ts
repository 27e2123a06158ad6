import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  proxyActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { WebhookActivities } from '../../contract/webhook-activities';
import type { PortfolioId } from '../../contract/ids';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import type { OpenAlerts } from '../../contract/alerts';

/** Look now, rather than within the hour. */
export const checkNow = defineSignal('checkNow');
/** The warnings that stand. */
export const getWarnings = defineQuery<OpenAlerts>('getWarnings');

const { checkPool } = proxyActivities<WebhookActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '15 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  summary: 'Look over the pool',
});

/**
 * Looks over a portfolio's pool every hour for what will soon be too late, and tells what did not stand at the look before.
 * One run is one look, which hands what stands to the next: a schedule of Temporal's does not. Ends when no worker has
 * endpoints any more.
 */
export async function monitorPool(
  input: { portfolioId: PortfolioId },
  before: OpenAlerts = { at: null, alerts: [] },
): Promise<void> {
  let asked = false;
  let standing = before;
  setHandler(checkNow, () => void (asked = true), { description: 'Look over the pool now.' });
  setHandler(getWarnings, () => standing, { description: 'The warnings that stand.' });
  const next = await checkPool({ ...input, before, at: Date.now() });
  if (next === null) return;
  standing = next;
  setCurrentDetails(details(before, standing));
  await condition(() => asked, '1 hour');
  await continueAsNew<typeof monitorPool>(input, standing);
}

function details(before: OpenAlerts, { at, alerts }: OpenAlerts): string {
  const fresh = alerts.filter((one) => !before.alerts.includes(one));
  return `**${String(alerts.length)} warnings stand**, ${String(fresh.length)} of them new at the look of ${String(at)}.`;
}
