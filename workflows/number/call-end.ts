import type { GraphFailure } from '../../contract/graph-failure';
import type { NumberActivities } from '../../contract/number-activities';
import { CODE_LIFE } from '../../contract/policy';
import { describeSpan } from '../../contract/times';
import type { Child, ChildEnd } from '../interpreter/interpretation';
import { failedEnd } from '../life/failed-end';
import type { Sharing } from './context';

/** The activity that does a child's work. */
export const activityOf = ({ src, input }: Pick<Child, 'src' | 'input'>) =>
  (src === 'changeSharing' ? `${(input as Sharing).action}Number` : src) as keyof NumberActivities;

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;

/**
 * How long Temporal may try a call again, in milliseconds, so that one that never gets an answer becomes a problem that
 * people see. `requestCode` is tried once, and `registerNumber` has no end: the number waits for nothing else.
 *
 * A code is worthless once it is as old as this, so nothing is lost with it: another is asked for. A look for a claim
 * holds up the looks for all other reports; one that ends without an answer counts as a look that did not show it, and is
 * followed by others for hours. A report that is dropped after the sixth leaves a problem, and reconcile finds its claim.
 * For a claim through the API somebody waits; one that was made without an answer is found by a look. Thousands of numbers
 * that are added together wait hours for their turn at the pace of the calls to Meta.
 */
export const callLimits: Partial<Record<string, number>> = {
  verifyCode: CODE_LIFE,
  claimNumber: 15 * MINUTE,
  confirmClaim: HOUR,
  addNumber: 6 * HOUR,
  readNumber: HOUR,
  changeSharing: HOUR,
  removeNumber: HOUR,
};

/** The end of a call whose activity timed out: a code may have been sent then, everything else has failed. */
export function unansweredEnd({ src }: Pick<Child, 'src'>): ChildEnd {
  if (src === 'requestCode') return { output: { outcome: 'unknown' } };
  const limit = callLimits[src];
  if (limit === undefined) return failedEnd(undefined);
  return {
    error: {
      code: 'network',
      message: `Meta gave no answer that could be read within ${describeSpan(limit)}.`,
      handling: 'account',
      retryAfter: HOUR,
      unanswered: true,
      whatToDo:
        'See that a worker for calls to Meta runs, and look at its log and at the status of the WhatsApp Business Platform.',
    } satisfies GraphFailure,
  };
}
