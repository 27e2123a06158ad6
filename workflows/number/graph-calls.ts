import type { Child } from '../interpreter/interpretation';
import type { PortfolioId } from '../../contract/ids';
import { callActivity } from '../life/call-activity';
import { activityOf, callLimits, unansweredEnd } from './call-end';

/** Calls that somebody waits for, or that are void ten minutes later: they go before all others that are due. */
const urgent = ['verifyCode', 'confirmClaim', 'claimNumber', 'registerNumber'];

/**
 * Does one child's work. Where calls have to wait for Meta's budget, portfolios take turns; a server without fairness lets
 * them go in order.
 */
export function callGraph(
  { src, input }: Child,
  summary: string,
  portfolioId: PortfolioId,
): Promise<unknown> {
  const priority = { priorityKey: urgent.includes(src) ? 2 : 3, fairnessKey: portfolioId };
  // A second code makes the first one void: Temporal must not ask again by itself.
  const once = src === 'requestCode' ? { retry: { maximumAttempts: 1 } } : {};
  const unanswered = () => unansweredEnd({ src });
  const limit = callLimits[src];
  const limited = limit === undefined ? {} : { scheduleToCloseTimeout: limit };
  const own = { ...once, ...limited, priority, summary };
  return callActivity(activityOf({ src, input }), input, own, unanswered);
}
