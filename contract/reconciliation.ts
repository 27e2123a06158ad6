import type { PortfolioId } from './ids';
import type { Instant } from './number-record';

export interface ReconcileInput {
  portfolioId: PortfolioId;
  /** Look only: nothing is sent to any number, none is added. */
  dryRun?: boolean;
}

/**
 * `claimed`: gone from Meta's pool, found on a customer's WABA ·
 * `missing`: gone from the pool, and on no WABA that is shared with us ·
 * `status`: verified on one side only · `expiry`: verified until different times ·
 * `unknown`: in the pool, without a life here · `ended`: in the pool, though its life here has ended ·
 * `unreadable`: a WABA that Meta would not show, where a claim may hide.
 */
export type DifferenceKind = 'claimed' | 'missing' | 'status' | 'expiry' | 'unknown' | 'ended' | 'unreadable';

export interface Difference {
  kind: DifferenceKind;
  /** Digits; `null` where a WABA could not be read. */
  phoneNumber: string | null;
  /** What differs, in a sentence. */
  what: string;
  /** What was done about it; `null` in a dry run, and where only a person can do something. */
  done: 'claim' | 'refresh' | 'added' | null;
}

/** What a reconciliation found. Counts are exact; of many differences the first ones are listed. */
export interface Reconciliation {
  portfolioId: PortfolioId;
  dryRun: boolean;
  startedAt: Instant;
  /** `null` while it is under way. */
  finishedAt: Instant | null;
  counts: {
    /** Numbers in Meta's pool. */
    pool: number;
    /** Unclaimed numbers that live here. */
    ours: number;
    /** WABAs that were searched for claims. */
    wabas: number;
    /** Answers of Meta's that were asked for; tries that failed are not counted. */
    graphCalls: number;
    differences: number;
  };
  differences: Difference[];
}

/** Differences that are listed; a result must stay of a size that Temporal takes. */
export const LISTED_DIFFERENCES = 500;

export function note(report: Reconciliation, difference: Difference): void {
  report.counts.differences++;
  if (report.differences.length < LISTED_DIFFERENCES) report.differences.push(difference);
}
