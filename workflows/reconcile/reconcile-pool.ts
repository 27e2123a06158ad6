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

/** The reconciliation so far. */
export const getReconciliation = defineQuery<Reconciliation>('getReconciliation');

/** After so many pages the workflow continues as new, so that its history stays short. */
const PAGES_PER_RUN = 20;

/**
 * Compares a portfolio's pool at Meta, and the WABAs of its customers, with our numbers, and reports to the numbers what it
 * finds. Its workflow ID is `reconcile:<portfolioId>`, so that one runs at a time.
 *
 * @param carried the state that an earlier run passes on; callers leave it out
 * @throws ApplicationFailure of type `InvalidMessage` on bad input
 */
export async function reconcilePool(input: ReconcileInput, carried?: Progress): Promise<Reconciliation> {
  check(input);
  const progress = carried ?? begin(input, new Date().toISOString());
  setHandler(getReconciliation, () => progress.report, {
    description: 'How far the reconciliation has come, and what it has found.',
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
 * Started by the schedule. A schedule appends a time to the workflow ID
 * (https://github.com/temporalio/temporal/issues/4795), so the workflow of which one runs at a time is a child.
 *
 * @returns `null` if a reconciliation is already running
 */
export async function reconcileOnSchedule(input: ReconcileInput): Promise<Reconciliation | null> {
  check(input);
  try {
    return await executeChild(reconcilePool, { workflowId: reconcileIdOf(input.portfolioId), args: [input] });
  } catch (error) {
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

const stepText = {
  pool: "comparing Meta's pool with our numbers",
  ours: 'finding numbers that have left the pool',
  lost: 'finding numbers whose workflow was ended from outside',
  wabas: "searching customers' WABAs for claims",
  missing: 'asking the numbers that are on no WABA to read their status',
  done: 'done',
};

function details({ step, report }: Progress): string {
  const { pool, ours, wabas, differences } = report.counts;
  return [
    `**${report.dryRun ? 'Dry run, ' : ''}${stepText[step]}**`,
    '',
    `${pool} numbers in Meta's pool · ${ours} unclaimed numbers here · ${wabas} WABAs searched · ${differences} differences`,
  ].join('\n');
}
