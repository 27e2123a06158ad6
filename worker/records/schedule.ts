import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { recordsIdOf } from '../../contract/workflow-ids';
import { checkSameRecords } from '../../client/records/same-records';
import type { Records } from '../../records';

/** Milliseconds. */
export const KEPT_EVERY = 15 * 60 * 1000;

/**
 * Has closed runs kept every quarter of an hour. The schedule's note names the records: what is in one place for all
 * workers of a namespace is what they can agree by.
 *
 * @throws {StartError} where other workers of the namespace keep other records
 */
export async function ensureRecordsSchedule(client: Client, records: Records): Promise<void> {
  const { namespace } = records;
  const scheduleId = recordsIdOf(namespace);
  try {
    await client.schedule.create({
      scheduleId,
      // The offset makes intervals count from now. Temporal counts them from the epoch.
      spec: { intervals: [{ every: KEPT_EVERY, offset: Date.now() % KEPT_EVERY }] },
      action: {
        type: 'startWorkflow',
        workflowType: 'keepRecordsOnSchedule',
        workflowId: `scheduled-${scheduleId}`,
        taskQueue: NUMBERS_TASK_QUEUE,
        staticSummary: 'Puts closed runs into the records',
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      state: { note: noteOf(records) },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await checkSameRecords(client, records);
  }
}

const noteOf = ({ id, shown }: Records) => `Puts closed runs into the records ${id} at ${shown}.`;
