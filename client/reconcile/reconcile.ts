import type { Client, WorkflowHandle } from '@temporalio/client';
import type { ReconcileInput, Reconciliation } from '../../contract/reconciliation';
import { reconcileIdOf } from '../../contract/workflow-ids';
import { runAlone } from '../run-alone';

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
  const { portfolioId, dryRun } = input;
  return runAlone<Reconciliation>(
    client,
    {
      type: 'reconcilePool',
      workflowId: reconcileIdOf(portfolioId),
      input,
      summary: `Compares the numbers of portfolio ${portfolioId} with Meta's pool${dryRun ? ', and changes nothing' : ''}`,
      waiting: 'waiting for the reconciliation that is already running',
      showProgress: (handle) => showProgress(handle, onProgress),
      failed: 'The pool was not reconciled.',
    },
    onProgress,
  );
}

async function showProgress(handle: WorkflowHandle, onProgress: (line: string) => void): Promise<void> {
  const report = await handle.query<Reconciliation>('getReconciliation').catch(() => null);
  if (!report || report.finishedAt !== null) return;
  const { pool, ours, wabas, differences } = report.counts;
  onProgress(
    `${String(pool)} numbers in Meta's pool, ${String(ours)} unclaimed here, ${String(wabas)} WABAs: ${String(differences)} differences so far`,
  );
}
