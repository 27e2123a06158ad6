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
  /** Called with a line of text for people: that another run is waited for, how far this one has come. */
  onProgress?: (line: string) => void;
}

/**
 * Compares a portfolio's pool at Meta with our numbers. Waits for a reconciliation that is already running and then starts
 * its own, because what the other one read may have changed since.
 *
 * @throws {Error} with the reason why the pool could not be read
 */
export async function reconcile(
  client: Client,
  input: ReconcileInput,
  { onProgress = () => undefined }: ReconcileOptions = {},
): Promise<Reconciliation> {
  for (;;) {
    const handle = await start(client, input);
    if (handle) return await resultOf(handle, onProgress);
    onProgress('waiting for the reconciliation that is already running');
    const running = client.workflow.getHandle(reconcileIdOf(input.portfolioId));
    await running.result().catch(() => undefined);
  }
}

/** `null` where one is already running. */
async function start(client: Client, input: ReconcileInput): Promise<WorkflowHandle | null> {
  try {
    return await client.workflow.start('reconcilePool', {
      workflowId: reconcileIdOf(input.portfolioId),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [input],
      staticSummary: `Compares the numbers of portfolio ${input.portfolioId} with Meta's pool${input.dryRun ? ', and changes nothing' : ''}`,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

async function resultOf(handle: WorkflowHandle, onProgress: (line: string) => void): Promise<Reconciliation> {
  const timer = setInterval(() => void showProgress(handle, onProgress), 2_000);
  try {
    return (await handle.result()) as Reconciliation;
  } catch (error) {
    // The activity's own message is written for people; those of the failures around it are not.
    const cause = error instanceof WorkflowFailedError ? error.cause : error;
    const reason = cause instanceof ActivityFailure ? cause.cause : cause;
    throw new Error(
      `The pool was not reconciled. ${reason instanceof Error ? reason.message : String(reason)}`,
      {
        cause: error,
      },
    );
  } finally {
    clearInterval(timer);
  }
}

async function showProgress(handle: WorkflowHandle, onProgress: (line: string) => void): Promise<void> {
  const report = await handle.query<Reconciliation>('getReconciliation').catch(() => null);
  if (!report || report.finishedAt !== null) return;
  const { pool, ours, wabas, differences } = report.counts;
  onProgress(
    `${String(pool)} numbers in Meta's pool, ${String(ours)} unclaimed here, ${String(wabas)} WABAs: ${String(differences)} differences so far`,
  );
}
