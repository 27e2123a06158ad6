import type { Instant } from '../../contract/number-record';
import type { ReconcileInput, Reconciliation } from '../../contract/reconciliation';

/** What is left to do, in this order. */
export type Step = 'pool' | 'ours' | 'wabas' | 'missing' | 'done';

/** Where a reconciliation stands: plain JSON, handed from run to run. */
export interface Progress {
  step: Step;
  /** Where the step's next page begins, `null` for its first one. */
  after: string | null;
  /** Digits of Meta's pool; emptied once the pool has been compared. */
  seen: string[];
  /** Our numbers that are in the pool no more and were not found yet. */
  missing: string[];
  report: Reconciliation;
}

export const begin = ({ portfolioId, dryRun = false }: ReconcileInput, startedAt: Instant): Progress => ({
  step: 'pool',
  after: null,
  seen: [],
  missing: [],
  report: {
    portfolioId,
    dryRun,
    startedAt,
    finishedAt: null,
    counts: { pool: 0, ours: 0, wabas: 0, graphCalls: 0, differences: 0 },
    differences: [],
  },
});

/** Goes on to the next page of the step, or after the last one to the next step. */
export function goOn(progress: Progress, after: string | null, next: Step): void {
  progress.after = after;
  if (after === null) progress.step = next;
}
