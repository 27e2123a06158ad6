import { workflowInfo } from '@temporalio/workflow';

/** What a run has taken in. */
export interface Messages {
  signals: number;
  updates: number;
  /** Signals that could not be read. After one, this run reads no other signal that is encrypted with the same key. */
  unreadable: number;
}

/**
 * How far a run is from what Temporal allows one: 10,000 signals, 2,000 updates, 51,200 events, 50 MB; a worker that loads
 * it takes its whole history in.
 *
 * - `long`: it goes on in another run once nothing is under way.
 * - `tooLong`: amid calls, which the next run makes again.
 * - `full`: amid any call, for messages will be refused soon.
 */
export function runLength({ signals, updates, unreadable }: Messages): 'short' | 'long' | 'tooLong' | 'full' {
  const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
  const reached = (part: number) =>
    signals >= 10_000 * part ||
    updates >= 2_000 * part ||
    historyLength >= 20_000 * part ||
    historySize >= 20 * MB * part;
  if (reached(0.8)) return 'full';
  if (reached(0.4)) return 'tooLong';
  return reached(0.2) || continueAsNewSuggested || unreadable > 0 ? 'long' : 'short';
}

const MB = 1024 * 1024;
