import { Context } from '@temporalio/activity';
import type { CodeTarget, NumberActivities, Verification } from '../contract/number-activities';
import type { Attempt } from './attempt';
import { isGraphError, NoAnswerError, UnreadableAnswerError, type GraphClient } from './graph';
import { readGraphError } from './graph-failure';
import { readVerification } from './verification';

type RequestCode = NumberActivities['requestCode'];
type VerifyCode = NumberActivities['verifyCode'];
type Submitted = Parameters<VerifyCode>[0];

/** Asks for a code. Meta says "already verified" also to one who asks too early (rule 3), so the status decides. */
export async function requestCode(
  attempt: Attempt,
  { target, method, language }: Parameters<RequestCode>[0],
): ReturnType<RequestCode> {
  const graph = graphFor(attempt, target);
  try {
    await graph.requestCode(target.id, { method, language });
    return { outcome: 'sent' };
  } catch (error) {
    if (isOutcomeUnknown(error)) return { outcome: 'unknown' };
    if (isGraphError(error, 'alreadyVerified')) {
      const verification = await readVerification(graph, target);
      if (verification.verified) return { outcome: 'alreadyVerified', verification };
    }
    throw error;
  }
}

/** A number of the pool is ours, and a business phone number the customer's. */
const graphFor = ({ graph, customer }: Attempt, { kind }: CodeTarget): GraphClient =>
  kind === 'preverified' ? graph : customer;

function isOutcomeUnknown(error: unknown): boolean {
  const { cancellationSignal, cancellationDetails } = Context.current();
  // A worker that shuts down stops the call although nobody has cancelled it.
  if (error === cancellationSignal.reason) return cancellationDetails?.cancelRequested !== true;
  const noAnswer = error instanceof NoAnswerError || error instanceof UnreadableAnswerError;
  return noAnswer && error.outcome === 'unknown';
}

const VERIFIED_WITHOUT_TIMES: Verification = { verified: true, verifiedAt: null, expiresAt: null };

/**
 * Submits the code. A code works once, so an attempt after a lost answer reads the object first: the code was right if
 * the number has been verified since.
 */
export async function verifyCode(attempt: Attempt, input: Submitted): ReturnType<VerifyCode> {
  const { target, code } = input;
  const { retried } = attempt;
  const graph = graphFor(attempt, target);
  if (retried) {
    const verification = await readVerification(graph, target);
    if (isNew(verification, input)) return { outcome: 'verified', verification };
  }
  try {
    await graph.verifyCode(target.id, code);
  } catch (error) {
    if (!isGraphError(error, 'wrongCode')) throw error;
    const verification = retried ? await readVerification(graph, target) : null;
    if (verification && isNew(verification, input)) return { outcome: 'verified', verification };
    return { outcome: 'wrongCode', message: error.words };
  }
  return { outcome: 'verified', verification: await readTimes(graph, input) };
}

/** The verification is newer than the one that the number had before. */
function isNew({ verified, verifiedAt }: Verification, { target, verifiedBefore }: Submitted): boolean {
  if (!verified) return false;
  // A business phone number is verified again only after it lapsed, and Meta states no times for it.
  if (target.kind === 'business' || verifiedBefore === null) return true;
  return verifiedAt !== null && verifiedAt > verifiedBefore;
}

/** The code was right whatever the reading says: where it brings no new times, our own arithmetic counts (rule 5). */
async function readTimes(graph: GraphClient, input: Submitted): Promise<Verification> {
  try {
    const verification = await readVerification(graph, input.target);
    return isNew(verification, input) ? verification : VERIFIED_WITHOUT_TIMES;
  } catch (error) {
    const read = readGraphError(error);
    // After an error that passes soon the next attempt reads again.
    if (!read || read.passesSoon) throw error;
    return VERIFIED_WITHOUT_TIMES;
  }
}
