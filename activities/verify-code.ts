import type { Attempt } from './attempt';
import { GraphError } from './graph';
import type { NumberActivities, Verification } from '../contract/number-activities';
import { readFault } from './refusal';
import { readVerification } from './verification';

type VerifyCode = NumberActivities['verifyCode'];
type Input = Parameters<VerifyCode>[0];

const VERIFIED_WITHOUT_TIMES: Verification = { verified: true, verifiedAt: null, expiresAt: null };

/**
 * Hands the code in. A code works once, so an attempt whose answer was lost is settled by reading the object: it took
 * if the number is verified since.
 */
export async function verifyCode({ graph, retried }: Attempt, input: Input): ReturnType<VerifyCode> {
  const { target, code } = input;
  if (retried) {
    const verification = await readVerification(graph, target);
    if (isSince(verification, input)) return { outcome: 'verified', verification };
  }
  try {
    await graph.verifyCode(target.id, code);
  } catch (error) {
    if (!(error instanceof GraphError && error.handling === 'wrongCode')) throw error;
    const verification = retried ? await readVerification(graph, target) : null;
    if (verification && isSince(verification, input)) return { outcome: 'verified', verification };
    return { outcome: 'wrongCode', message: error.words };
  }
  return { outcome: 'verified', verification: await timesAfterSuccess({ graph, retried }, input) };
}

/** Verified, and not merely still so from the time before. */
function isSince({ verified, verifiedAt }: Verification, { target, verifiedBefore }: Input): boolean {
  if (!verified) return false;
  // A business phone number is only ever verified again after it lapsed; Meta states no times for it.
  if (target.kind === 'business' || verifiedBefore === null) return true;
  return verifiedAt !== null && verifiedAt > verifiedBefore;
}

/** The code took, whatever the reading says: times that are missing, stale or refused are left to our own arithmetic. */
async function timesAfterSuccess({ graph }: Attempt, input: Input): Promise<Verification> {
  try {
    const verification = await readVerification(graph, input.target);
    return isSince(verification, input) ? verification : VERIFIED_WITHOUT_TIMES;
  } catch (error) {
    const fault = readFault(error);
    // What passes soon is worth another attempt, which begins by reading.
    if (!fault || fault.passesSoon) throw error;
    return VERIFIED_WITHOUT_TIMES;
  }
}
