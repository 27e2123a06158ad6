import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Customers } from '../stack/customers';
import type { Way } from './lives';

const { EventType } = temporal.api.enums.v1;

/**
 * Milliseconds after which a life is stuck. One whose call dies with its worker takes a minute and a half, on a quick
 * machine: the call is made again when Temporal gives the first one up.
 */
export const longestLife = 300_000;

/** Lets a number live from its adding to its registration. @throws with what it waits for, where it is stuck */
export async function runLife(way: Way, client: Client, customers: Customers, number: string): Promise<void> {
  const over = new AbortController();
  const stuck = setTimeout(longestLife, undefined, { signal: over.signal }).then(() => {
    throw new Error(`it is not over after ${longestLife / 1000} s`);
  });
  // Aborted, for the life is over, it rejects too.
  stuck.catch(() => undefined);
  try {
    await Promise.race([way.live(client, customers, number), stuck]);
  } catch (error) {
    const where = await describe(client, way.workflowId(number)).catch(String);
    throw new Error(where, { cause: error });
  } finally {
    over.abort();
  }
}

/** A workflow's last events, and what it waits for. */
async function describe(client: Client, workflowId: string): Promise<string> {
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
