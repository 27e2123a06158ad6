import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const { EventType } = temporal.api.enums.v1;

/** Where a life stands that did not come to its end, for whoever has to find out why: its last events, and what it waits for. */
export async function standing(client: Client, workflowId: string): Promise<string> {
  const handle = client.workflow.getHandle(workflowId);
  const { raw, status } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const last = (events ?? []).slice(-4).map(({ eventId, eventType, eventTime }) => {
    const at = new Date(Number(eventTime?.seconds) * 1000).toISOString();
    return `${String(eventId)} ${EventType[eventType ?? 0]} ${at}`;
  });
  const { pendingWorkflowTask: task } = raw;
  const waits = [
    ...(task ? [`workflow task, attempt ${String(task.attempt)}`] : []),
    ...(raw.pendingActivities ?? []).map(
      ({ activityType, attempt, lastFailure }) =>
        `${activityType?.name}, attempt ${String(attempt)}${lastFailure ? `: ${lastFailure.message}` : ''}`,
    ),
  ];
  return `${workflowId} is ${status.name}, its last events ${last.join(', ')}; it waits for ${waits.join(', ') || 'nothing'}`;
}
