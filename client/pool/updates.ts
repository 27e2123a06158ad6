import { AsyncResource } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  WorkflowUpdateStage,
  type Client,
  type WorkflowUpdateHandle,
} from '@temporalio/client';
import pLimit, { type Limit } from 'p-limit';

/**
 * Sends the updates of each workflow so that Temporal need not refuse one for being too many. It has ten under way at once
 * (`history.maxInFlightUpdates`), and refusing an eleventh makes it forget the workflow task that was to bring the others:
 * they wait until the sticky queue's timeout (server 1.29, a workflow of ten lines: 300 updates at once took
 * fourteen seconds, and one second where the limit was not reached; no public issue is known).
 */
export class Updates {
  readonly #limits = new Map<string, Limit>();

  constructor(private readonly client: Client) {}

  /**
   * Sends an update as soon as a worker has accepted those before it, and waits for its answer.
   *
   * @param within milliseconds to wait for its turn; the deadline of the call holds for the rest
   */
  async execute<Answer>(workflowId: string, name: string, payload: unknown, within: number): Promise<Answer> {
    const limit = this.#limits.get(workflowId) ?? pLimit(NOT_YET_ACCEPTED);
    this.#limits.set(workflowId, limit);
    const updateId = randomUUID();
    const start = (): Promise<WorkflowUpdateHandle<Answer>> =>
      this.client.workflow.getHandle(workflowId).startUpdate<Answer, [unknown]>(name, {
        args: [payload],
        updateId,
        waitForStage: WorkflowUpdateStage.ACCEPTED,
      });
    const waited = new AbortController();
    try {
      // The limit starts this call in the async context of the one that made room: bound, it keeps its caller's deadline.
      const accepted = limit(AsyncResource.bind(() => untilTaken(start)));
      const update = await Promise.race([accepted, tooLate(within, waited.signal)]);
      return await update.result();
    } finally {
      waited.abort();
      if (limit.activeCount + limit.pendingCount === 0) this.#limits.delete(workflowId);
    }
  }
}

/** With what a life lets wait once it is accepted (`UPDATES_WAITING` in workflows/life), two processes have room in ten. */
const NOT_YET_ACCEPTED = 2;

/**
 * Asks again for as long as Temporal does not take it: others have ten under way, or the number goes on in a new run just
 * now. The SDK gives up after ten attempts; the deadline of the call ends it here.
 */
async function untilTaken<Answer>(start: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const cause = error instanceof ServiceError ? error.cause : error;
      if (!isGrpcServiceError(cause) || !NOT_TAKEN.test(cause.details)) throw error;
    }
  }
}

/** What Temporal says of an update that it has not shown to the workflow. */
const NOT_TAKEN = /concurrent in-flight updates|workflow update was aborted/;

async function tooLate(within: number, signal: AbortSignal): Promise<never> {
  await setTimeout(within, undefined, { signal });
  throw new WorkflowUpdateRPCTimeoutOrCancelledError('The updates before it were not accepted in time.');
}
