import type { Attempt } from './attempt';
import type { NumberActivities } from '../contract/number-activities';
import { unshareNumber } from './sharing';
import { isGone } from './verification';

/** Takes the number away from every partner, then from the pool; gone already is as good. */
export async function removeNumber(
  attempt: Attempt,
  { portfolioId, preverifiedId, sharedWith }: Parameters<NumberActivities['removeNumber']>[0],
): Promise<void> {
  for (const partnerBusinessId of sharedWith) {
    await unshareNumber(attempt, { portfolioId, preverifiedId, partnerBusinessId });
  }
  try {
    await attempt.graph.deletePreverifiedNumber(preverifiedId);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
