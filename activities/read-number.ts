import type { Attempt } from './attempt';
import type { NumberActivities, Verification } from '../contract/number-activities';
import { isGone, readVerification } from './verification';

/** Reads a number of the pool; claimed or removed it is not there any more. */
export async function readNumber(
  { graph }: Attempt,
  { preverifiedId }: Parameters<NumberActivities['readNumber']>[0],
): Promise<Verification | null> {
  try {
    return await readVerification(graph, { kind: 'preverified', id: preverifiedId });
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}
