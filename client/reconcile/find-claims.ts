import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import type { WabaId } from '../../contract/ids';
import { claimsIdOf } from '../../contract/workflow-ids';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';

/** A search that Temporal has accepted. */
export interface Search {
  /** Whether the WABA is still being searched, as far as Temporal tells. */
  isRunning(): Promise<boolean>;
}

/** Temporal's priorities run from 1, served first, to 5; 3 is the default. */
const lowestPriority = 5;

/**
 * Has a customer's WABA searched for numbers of ours; each of them gets a report of its claim. Settles when Temporal has
 * accepted the request, not when the search is done. Safe to repeat: a number ignores a claim that it knows.
 *
 * @param requestId identifies the request, so that a repeat of it causes no second search
 * @param options.hint it comes from somebody who may say anything: all other calls to Meta go before it
 */
export async function findClaims(
  client: Client,
  wabaId: WabaId,
  requestId: string,
  { hint = false }: { hint?: boolean } = {},
): Promise<Search> {
  const handle = await client.workflow.signalWithStart('findClaims', {
    workflowId: claimsIdOf(wabaId),
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    taskQueue: NUMBERS_TASK_QUEUE,
    args: [{ wabaId }],
    signal: 'checkNow',
    signalArgs: [{ requestId }],
    staticSummary: `Finds claims on WABA ${wabaId}`,
    ...(hint && { priority: { priorityKey: lowestPriority } }),
  });
  return {
    isRunning: () =>
      handle.describe().then(
        ({ status }) => status.name === 'RUNNING',
        () => false,
      ),
  };
}
