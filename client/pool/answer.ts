import { setTimeout } from 'node:timers/promises';
import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { status } from '@grpc/grpc-js';
import { DecryptionError } from '../../temporal/encryption-codec';
import { findRun, notRunning } from './run';
import { RefusedError, type RefusalType } from './refused-error';
import { TimedOutError } from './timed-out-error';

/**
 * Asks a number's workflow something and waits for its answer.
 *
 * @param within milliseconds
 * @throws {RefusedError} what the number says no with
 * @throws {TimedOutError} where no answer came in time
 */
export const answerOf = <Answer>(
  client: Client,
  digits: string,
  { name, within }: { name: string; within: number },
  ask: () => Promise<Answer>,
): Promise<Answer> =>
  asked(client, { subject: `+${digits}`, id: digits, name, within }, ask, async () =>
    notRunning(digits, await findRun(client, digits)),
  );

/** Who is asked what. */
interface Asked {
  /** `+15550783881`, `WABA 102290129340398`. */
  subject: string;
  /** What errors say it by. */
  id: string;
  name: string;
  within: number;
}

/** The same of any life. @param gone why a life that has ended cannot be asked */
export async function asked<Answer>(
  client: Client,
  { subject, id, name, within }: Asked,
  ask: () => Promise<Answer>,
  gone: () => Promise<RefusedError>,
): Promise<Answer> {
  const begun = Date.now();
  try {
    return await client.withDeadline(Date.now() + within, ask);
  } catch (error) {
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : null;
    // The last is Temporal's own: the run was ended under the update, by somebody who terminated it.
    if (cause instanceof ApplicationFailure && cause.type !== 'AcceptedUpdateCompletedWorkflow') {
      throw new RefusedError(cause.type as RefusalType, cause.message, id, { cause: error });
    }
    if (cause !== null || error instanceof WorkflowNotFoundError) throw await gone();
    if (error instanceof DecryptionError) {
      throw new RefusedError(
        'Unreadable',
        `What ${subject} answered to ${name} cannot be read here. ${error.message}.`,
        id,
        { cause: error },
      );
    }
    if (isUnanswered(error)) {
      throw new TimedOutError(
        `${silence(subject, name, within, Date.now() - begun)} Is a worker running ("preverified worker")?`,
        id,
        { cause: error },
      );
    }
    throw error;
  }
}

/** Temporal says at once that nobody polls; a message, though, waits for who will. */
function silence(subject: string, name: string, within: number, waited: number): string {
  return waited < within
    ? `${subject} has not answered ${name}: nobody works on it now.`
    : `${subject} has not answered ${name} within ${String(within / 1000)} seconds; it may still do so.`;
}

function isUnanswered(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const cause = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(cause)) return false;
  // A call whose time is up comes back as cancelled when the server notices first. The last one is a query's without a worker.
  return (
    cause.code === status.DEADLINE_EXCEEDED ||
    cause.code === status.CANCELLED ||
    /no poller/i.test(cause.details)
  );
}

/**
 * A query is refused while a message waits that no workflow task has taken in (`workflows/interceptors.ts`); the next query
 * waits for that task, or comes before it where a worker has just started: so it is asked again for some seconds.
 */
export async function askedAgain<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let pause = 0; ; pause = Math.max(20, 2 * pause)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof QueryNotRegisteredError) || pause > 2_000) throw error;
      await setTimeout(pause);
    }
  }
}
