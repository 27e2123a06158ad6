import { proxyActivities } from '@temporalio/workflow';
import type { RecordsActivities } from '../../contract/records-activities';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';

// Services do not reach the records: a worker reads for them.
const activities = proxyActivities<RecordsActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/** Who had a number. */
export const readHoldings: RecordsActivities['readHoldings'] = (input) => activities.readHoldings(input);

/** What became of a number that Temporal has forgotten. Its result, which is encrypted, holds the PIN where that is asked for. */
export const readRegistration: RecordsActivities['readRegistration'] = (input) =>
  activities.readRegistration(input);
