import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import type { Holding } from '../../contract/holding';
import type { Registration } from '../../contract/pin-reading';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { orNoWorker } from '../no-worker';
import { RefusedError } from './refused-error';
import { TimedOutError } from './timed-out-error';

/** Who had the number when. A worker answers, for services do not reach the records. @throws {TimedOutError} */
export const readHistory = (client: Client, digits: string, within: number): Promise<Holding[]> =>
  ask(client, { type: 'readHoldings', what: 'Who had', input: { phoneNumber: digits } }, within);

/**
 * What became of a number that Temporal has forgotten; `null` where the records do not know it either.
 *
 * @throws {RefusedError} `Unreadable` where the worker lacks the key to read it
 * @throws {TimedOutError}
 * @throws {Error} at once where no worker waits for work
 */
export function readRegistration(
  client: Client,
  input: { phoneNumber: string; withPin: boolean },
  within: number,
): Promise<Registration | null> {
  const asking = ask<Registration | null>(
    client,
    { type: 'readRegistration', what: 'What the records know of', input },
    within,
  );
  const failed = `Temporal does not know +${input.phoneNumber}, and what the records know was not read.`;
  return orNoWorker(client, asking, failed);
}

async function ask<Answer>(
  client: Client,
  { type, what, input }: { type: string; what: string; input: { phoneNumber: string } },
  within: number,
): Promise<Answer> {
  const { phoneNumber: digits } = input;
  try {
    return (await client.workflow.execute(type, {
      workflowId: `records-of:${digits}:${randomUUID()}`,
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [input],
      workflowExecutionTimeout: within,
      staticSummary: `${what} +${digits}`,
    })) as Answer;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
    if (cause instanceof ApplicationFailure && cause.type === 'Unreadable')
      throw new RefusedError('Unreadable', cause.message, digits, { cause: error });
    throw new TimedOutError(
      `${what} +${digits} was not answered within ${String(within / 1000)} seconds. Is a worker running ("preverified worker"), and does "preverified doctor" find its records?`,
      digits,
      { cause: error },
    );
  }
}
