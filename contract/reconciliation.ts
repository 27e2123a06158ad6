import type { PortfolioId } from './ids';
import type { Instant } from './number-record';

export interface ReconcileInput {
  portfolioId: PortfolioId;
  /** Only report: send nothing to any number and add none. */
  dryRun?: boolean;
}

/**
 * `claimed`: left Meta's pool and is on a customer's WABA ·
 * `lost`: on a customer's WABA, though its workflow here was terminated, cancelled or failed ·
 * `missing`: left the pool and is on no WABA that is shared with us ·
 * `status`: verified on one side only · `expiry`: verified until different times ·
 * `unknown`: in the pool, but never added here, ended here as Removed or Rejected, or ended from outside ·
 * `ended`: in the pool, though its workflow has ended as Registered ·
 * `unreadable`: a WABA that Meta would not show, so that claims on it were not found, or a number that the workers lack the
 * key of.
 */
export type DifferenceKind =
  'claimed' | 'lost' | 'missing' | 'status' | 'expiry' | 'unknown' | 'ended' | 'unreadable';

export interface Difference {
  kind: DifferenceKind;
  /** Digits; `null` for a WABA that could not be read. */
  phoneNumber: string | null;
  /** What differs, in one sentence. */
  what: string;
  /** What was done about it; `null` in a dry run, where the number could not be reached, and where only a person can act. */
  done: 'claim' | 'refresh' | 'added' | null;
}

/** Result of a reconciliation. The counts are exact; `differences` lists the first 500. */
export interface Reconciliation {
  portfolioId: PortfolioId;
  dryRun: boolean;
  startedAt: Instant;
  /** `null` while it runs. */
  finishedAt: Instant | null;
  counts: {
    /** Numbers in Meta's pool. */
    pool: number;
    /** Unclaimed numbers here. */
    ours: number;
    /** WABAs that were searched for claims. */
    wabas: number;
    /** Graph calls that Meta answered; failed attempts are not counted. */
    graphCalls: number;
    differences: number;
  };
  differences: Difference[];
}
