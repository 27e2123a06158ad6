import { proxyActivities } from '@temporalio/workflow';
import type { Holding } from '../../contract/holding';
import type { RecordsActivities } from '../../contract/records-activities';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';

const activities = proxyActivities<RecordsActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/** Lets services, which do not reach the records, ask who had a number. */
export const readHoldings = (input: { phoneNumber: string }): Promise<Holding[]> =>
  activities.readHoldings(input);
