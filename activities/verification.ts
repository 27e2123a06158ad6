import type { CodeTarget, NumberActivities, Verification } from '../contract/number-activities';
import type { Attempt } from './attempt';
import { isGraphError, type GraphClient, type PreverifiedNumber } from './graph';

export const verificationOf = ({ verified, verifiedAt, expiresAt }: PreverifiedNumber): Verification => ({
  verified,
  verifiedAt,
  expiresAt,
});

/** What Meta says of the object now. Meta states no times for a business phone number. */
export async function readVerification(graph: GraphClient, target: CodeTarget): Promise<Verification> {
  if (target.kind === 'preverified') return verificationOf(await graph.getPreverifiedNumber(target.id));
  const { verified } = await graph.getPhoneNumber(target.id);
  return { verified, verifiedAt: null, expiresAt: null };
}

/** Reads a number of the pool; `null` once it is claimed or removed (rule 6). */
export async function readNumber(
  { graph }: Attempt,
  { preverifiedId }: Parameters<NumberActivities['readNumber']>[0],
): Promise<Verification | null> {
  try {
    return await readVerification(graph, { kind: 'preverified', id: preverifiedId });
  } catch (error) {
    if (isGraphError(error, 'gone')) return null;
    throw error;
  }
}
