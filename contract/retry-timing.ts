import type { GraphFailure } from './graph-failure';
import { LONGEST_BACK_OFF } from './policy';

/**
 * When a failed call is made again, in epoch milliseconds; `null` where no other attempt helps. Short waits double up to ten
 * minutes, so that a long outage does not fill the history; a longer wait is Meta's own, and doubles only where the failure
 * says up to which.
 *
 * @param failures in a row, this one among them
 * @param at when it failed
 */
export function nextAttempt(
  { retryAfter, retryAfterAtMost = LONGEST_BACK_OFF }: GraphFailure,
  failures: number,
  at: number,
): number | null {
  if (retryAfter === null) return null;
  const doubled = retryAfter * 2 ** Math.min(failures - 1, 10);
  return at + Math.max(retryAfter, Math.min(doubled, retryAfterAtMost));
}
