import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { ActivityFailure } from '@temporalio/common';
import type { ReconcileInput, Reconciliation } from '../../contract/reconciliation';
import { reconcileIdOf } from '../../contract/workflow-ids';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';

export interface ReconcileOptions {
  /** Told what is going on: that another one is waited for, how far it has come. */
  onProgress?: (line: string) => void;
}

/**
 * Compares a portfolio's pool at Meta with the numbers that live here, now; waits for one that is under way first, for
 * what it has read already may have changed.
 *
 * @throws {Error} saying why Meta's side could not be read
 */
export async function reconcile(
  client: Client,
  input: ReconcileInput,
  { onProgress = () => undefined }: ReconcileOptions = {},
): Promise<Reconciliation> {
  for (;;) {
    const handle = await start(client, input);
    if (handle) return await resultOf(handle, onProgress);
    onProgress('waiting for the reconciliation that is under way');
    const under = client.workflow.getHandle(reconcileIdOf(input.portfolioId));
    await under.result().catch(() => undefined);
  }
}

/** `null` where one is under way. */
async function start(client: Client, input: ReconcileInput): Promise<WorkflowHandle | null> {
  try {
    return await client.workflow.start('reconcilePool', {
      workflowId: reconcileIdOf(input.portfolioId),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [input],
      staticSummary: `Compares the pool of portfolio ${input.portfolioId} with Meta's${input.dryRun ? ', and changes nothing' : ''}`,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

async function resultOf(handle: WorkflowHandle, onProgress: (line: string) => void): Promise<Reconciliation> {
  const shown = setInterval(() => void tell(handle, onProgress), 2_000);
  try {
    return (await handle.result()) as Reconciliation;
  } catch (error) {
    // Why an activity failed is for people; that it did, and in which workflow, is not.
    const cause = error instanceof WorkflowFailedError ? error.cause : error;
    const reason = cause instanceof ActivityFailure ? cause.cause : cause;
    throw new Error(
      `The pool was not reconciled. ${reason instanceof Error ? reason.message : String(reason)}`,
      {
        cause: error,
      },
    );
  } finally {
    clearInterval(shown);
  }
}

async function tell(handle: WorkflowHandle, onProgress: (line: string) => void): Promise<void> {
  const report = await handle.query<Reconciliation>('getReconciliation').catch(() => null);
  if (!report || report.finishedAt !== null) return;
  const { pool, ours, wabas, differences } = report.counts;
  onProgress(
    `${String(pool)} of Meta's pool, ${String(ours)} of ours, ${String(wabas)} WABAs: ${String(differences)} differences`,
  );
}
