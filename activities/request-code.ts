import { Context } from '@temporalio/activity';
import type { Attempt } from './attempt';
import { GraphError, NoAnswerError, UnreadableAnswerError } from './graph';
import type { NumberActivities } from '../contract/number-activities';
import { readVerification } from './verification';

type RequestCode = NumberActivities['requestCode'];

/** Asks for a code. "Already verified" is what Meta also says to one who asks too early (rule 3): the status decides. */
export async function requestCode(
  { graph }: Attempt,
  { target, method, language }: Parameters<RequestCode>[0],
): ReturnType<RequestCode> {
  try {
    await graph.requestCode(target.id, { method, language });
    return { outcome: 'sent' };
  } catch (error) {
    if (outcomeUnknown(error)) return { outcome: 'unknown' };
    if (error instanceof GraphError && error.handling === 'alreadyVerified') {
      const verification = await readVerification(graph, target);
      if (verification.verified) return { outcome: 'alreadyVerified', verification };
    }
    throw error;
  }
}

function outcomeUnknown(error: unknown): boolean {
  const { cancellationSignal, cancellationDetails } = Context.current();
  // A worker that shuts down cuts the call short without anyone having cancelled it.
  if (error === cancellationSignal.reason) return cancellationDetails?.cancelRequested !== true;
  const noAnswer = error instanceof NoAnswerError || error instanceof UnreadableAnswerError;
  return noAnswer && error.outcome === 'unknown';
}
