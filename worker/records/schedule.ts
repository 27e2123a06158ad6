import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { recordsIdOf } from '../../contract/workflow-ids';
import type { Records } from '../../records';
import { StartError } from '../../settings/start-error';

/** Milliseconds. */
export const KEPT_EVERY = 15 * 60 * 1000;

/**
 * Has closed runs kept every quarter of an hour. The schedule's note names the records: what is in one place for all
 * workers of a namespace is what they can agree by.
 *
 * @throws {StartError} where other workers of the namespace keep other records
 */
export async function ensureRecordsSchedule(client: Client, records: Records): Promise<void> {
  const { namespace, shown } = records;
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
    const note = await noteOfSchedule(client, namespace);
    if (note === null || note.includes(records.id)) return;
    throw new StartError(
      `The namespace ${namespace} has other records than those at ${shown}. Its schedule ${scheduleId} says: ${note}`,
      `set RECORDS_URL as its other workers have it. If the records are to be these from now on, stop the workers and remove the schedule with "temporal schedule delete --namespace ${namespace} --schedule-id ${scheduleId}"`,
    );
  }
}

const noteOf = ({ id, shown }: Records) => `Puts closed runs into the records ${id} at ${shown}.`;

/** `null` where there is no such schedule, or nobody wrote a note to it. */
async function noteOfSchedule(client: Client, namespace: string): Promise<string | null> {
  const { schedule } = await client.workflowService.describeSchedule({
    namespace,
    scheduleId: recordsIdOf(namespace),
  });
  return schedule?.state?.notes ?? null;
}
