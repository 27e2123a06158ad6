import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import type { Holding } from '../../contract/holding';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { TimedOutError } from './timed-out-error';

/** Who had the number when. A worker answers, for services do not reach the records. @throws {TimedOutError} */
export async function readHistory(client: Client, digits: string, within: number): Promise<Holding[]> {
  try {
    return (await client.workflow.execute('readHoldings', {
      workflowId: `holdings:${digits}:${randomUUID()}`,
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [{ phoneNumber: digits }],
      workflowExecutionTimeout: within,
      staticSummary: `Who had +${digits}`,
    })) as Holding[];
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw new TimedOutError(
      `Who had +${digits} was not answered within ${String(within / 1000)} seconds. Is a worker running ("preverified worker"), and does "preverified doctor" find its records?`,
      digits,
      { cause: error },
    );
  }
}
