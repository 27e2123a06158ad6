import { ScheduleNotFoundError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Reconciliation } from '../../contract/reconciliation';
import { reconcileIdOf } from '../../contract/workflow-ids';
import { readingClient } from '../../temporal/reading-client';
import { Sealed } from '../../temporal/sealed';

/** How the last reconciliation of a portfolio went. Times ISO 8601 UTC. */
export interface LastReconciliation {
  status: string;
  startedAt: string;
  finishedAt: string | null;
  /** `null` while it runs, and where it failed. */
  differences: number | null;
  /** When the schedule begins the next one; `null` without a schedule. */
  nextAt: string | null;
}

/** `null` where none has ever run, or so long ago that Temporal has forgotten it. */
export async function readReconciliation(
  client: Client,
  portfolioId: string,
): Promise<LastReconciliation | null> {
  const reading = readingClient(client);
  const id = reconcileIdOf(portfolioId);
  try {
    const handle = reading.workflow.getHandle(id);
    const { status, startTime, closeTime } = await handle.describe();
    const result: unknown = status.name === 'COMPLETED' ? await handle.result() : null;
    const report = result instanceof Sealed ? null : (result as Reconciliation | null);
    return {
      status: status.name,
      startedAt: startTime.toISOString(),
      finishedAt: closeTime?.toISOString() ?? null,
      differences: report?.counts.differences ?? null,
      nextAt: await nextOf(reading, id),
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

async function nextOf(client: Client, id: string): Promise<string | null> {
  try {
    const { info } = await client.schedule.getHandle(id).describe();
    return info.nextActionTimes[0]?.toISOString() ?? null;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}
