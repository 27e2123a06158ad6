import {
  ApplicationFailure,
  continueAsNew,
  defineQuery,
  executeChild,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { isPortfolioId } from '../../contract/ids';
import { begin, type Progress } from './progress';
import type { ReconcileInput, Reconciliation } from '../../contract/reconciliation';
import { reconcileIdOf } from '../../contract/workflow-ids';
import { steps } from './steps';

/** The reconciliation as far as it has come. */
export const getReconciliation = defineQuery<Reconciliation>('getReconciliation');

/** Pages of one run: a history stays short however large the pool is. */
const PAGES_PER_RUN = 20;

/**
 * Compares a portfolio's pool at Meta, and the WABAs of its customers, with the numbers that live here; tells the
 * numbers what it finds. Its workflow ID is `reconcile:<portfolioId>`, so that there is never more than one at a time.
 *
 * @param carried what an earlier run handed on; never given by a caller
 * @throws ApplicationFailure of type `InvalidMessage` on bad input
 */
export async function reconcilePool(input: ReconcileInput, carried?: Progress): Promise<Reconciliation> {
  check(input);
  const progress = carried ?? begin(input, new Date().toISOString());
  setHandler(getReconciliation, () => progress.report, {
    description: 'How far it has come, and what it has found.',
  });
  for (let page = 0; progress.step !== 'done'; page++) {
    if (page === PAGES_PER_RUN || workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof reconcilePool>(input, progress);
    }
    setCurrentDetails(details(progress));
    await steps[progress.step](progress);
  }
  progress.report.finishedAt = new Date().toISOString();
  setCurrentDetails(details(progress));
  return progress.report;
}

/**
 * What the schedule starts. The schedule gives each of its workflows an ID of its own: the one that may be there only
 * once is this one's child.
 */
export async function reconcileOnSchedule(input: ReconcileInput): Promise<Reconciliation | null> {
  check(input);
  try {
    return await executeChild(reconcilePool, { workflowId: reconcileIdOf(input.portfolioId), args: [input] });
  } catch (error) {
    // A person has begun one a moment ago.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

function check({ portfolioId }: ReconcileInput): void {
  if (isPortfolioId(portfolioId)) return;
  throw ApplicationFailure.nonRetryable(
    'Nothing was reconciled: portfolioId must be the digits of a business portfolio ID, as text.',
    'InvalidMessage',
  );
}

const words = {
  pool: "comparing Meta's pool with the numbers here",
  ours: 'looking for numbers that have left the pool',
  wabas: "looking for claims on customers' WABAs",
  missing: 'webhooks the numbers that were found nowhere',
  done: 'done',
};

function details({ step, report }: Progress): string {
  const { pool, ours, wabas, differences } = report.counts;
  return [
    `**${report.dryRun ? 'Dry run, ' : ''}${words[step]}**`,
    '',
    `${pool} numbers in Meta's pool · ${ours} unclaimed ones here · ${wabas} WABAs searched · ${differences} differences`,
  ].join('\n');
}
