import type { Attempt } from './attempt';
import type { NumberActivities } from './interface';
import { isGone } from './verification';

/** Deletes the number from the pool; gone already is as good. */
export async function removeNumber(
  { graph }: Attempt,
  { preverifiedId }: Parameters<NumberActivities['removeNumber']>[0],
): Promise<void> {
  try {
    await graph.deletePreverifiedNumber(preverifiedId);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
