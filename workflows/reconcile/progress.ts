import type { Instant } from '../../contract/number-record';
import type { Difference, ReconcileInput, Reconciliation } from '../../contract/reconciliation';

/** The steps of a reconciliation, in this order. */
export type Step = 'pool' | 'ours' | 'lost' | 'wabas' | 'missing' | 'done';

/** State of a reconciliation between two pages: plain JSON, because each run passes it to the next. */
export interface Progress {
  step: Step;
  /** Cursor of the step's next page, `null` for the first one. */
  after: string | null;
  /** Canonical digits of the numbers in Meta's pool; emptied when no step needs them any more. */
  seen: string[];
  /** Our numbers that have left the pool and were not found on a WABA yet. */
  missing: string[];
  /** Our numbers whose workflow was ended from outside. */
  lost: string[];
  report: Reconciliation;
}

export const begin = ({ portfolioId, dryRun = false }: ReconcileInput, startedAt: Instant): Progress => ({
  step: 'pool',
  after: null,
  seen: [],
  missing: [],
  lost: [],
  report: {
    portfolioId,
    dryRun,
    startedAt,
    finishedAt: null,
    counts: { pool: 0, ours: 0, wabas: 0, graphCalls: 0, differences: 0 },
    differences: [],
  },
});

/** Moves on to the step's next page, or from its last page to the next step. */
export function advance(progress: Progress, after: string | null, next: Step): void {
  progress.after = after;
  if (after === null) progress.step = next;
}

/** More are only counted: Temporal limits the size of a result. */
const LISTED_DIFFERENCES = 500;

export function addDifference(report: Reconciliation, difference: Difference): void {
  report.counts.differences++;
  if (report.differences.length < LISTED_DIFFERENCES) report.differences.push(difference);
}
