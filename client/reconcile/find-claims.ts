import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import type { WabaId } from '../../contract/ids';
import { claimsIdOf } from '../../contract/workflow-ids';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';

/**
 * Has a customer's WABA searched for numbers of ours; each is told of its claim. Settles when Temporal holds the word,
 * not when the search is done. Safe to repeat: a claim that is known already is not acted on again.
 *
 * @param requestId names the word, so that one that comes twice is heard once
 */
export async function findClaims(client: Client, wabaId: WabaId, requestId: string): Promise<void> {
  await client.workflow.signalWithStart('findClaims', {
    workflowId: claimsIdOf(wabaId),
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    taskQueue: NUMBERS_TASK_QUEUE,
    args: [{ wabaId }],
    signal: 'checkNow',
    signalArgs: [{ requestId }],
    staticSummary: `Looks for claims on WABA ${wabaId}`,
  });
}
