import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { NumberActivities } from '../../contract/number-activities';
import type { PinSet, PinToSet } from '../../contract/pin-reading';
import { GRAPH_TASK_QUEUE } from '../../contract/task-queues';

/** Sets a new PIN on a registered number, whose own workflow has ended. Its result, which is encrypted, holds the PIN. */
export async function pinSetting({ phoneNumberId, wabaId, pin, by }: PinToSet): Promise<PinSet> {
  const { setPin } = proxyActivities<NumberActivities>({
    taskQueue: GRAPH_TASK_QUEUE,
    startToCloseTimeout: '1 minute',
    heartbeatTimeout: '15 seconds',
    // Somebody waits for it.
    scheduleToCloseTimeout: '5 minutes',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumAttempts: 5 },
    summary: 'Set a new PIN',
  });
  const set = await setPin({ phoneNumberId, ...(wabaId && { wabaId }), pin });
  return { by, at: workflowInfo().startTime.toISOString(), pin: set.pin };
}
