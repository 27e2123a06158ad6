import { ApplicationFailure } from '@temporalio/common';
import { graphFailureIn, lastGraphFailureIn, type GraphFailure } from '../../contract/graph-failure';
import type { ChildEnd } from '../interpreter/interpretation';

const HOUR = 60 * 60 * 1000;

/** The end of a call whose activity failed; an error that the Graph client does not know is a person's business. */
export function failedEnd(cause: Error | undefined): ChildEnd & { error: unknown } {
  const failure = graphFailureIn(cause);
  if (failure) return { error: failure };
  const last = lastGraphFailureIn(cause);
  // It did not pass in all the time that the call had: people must hear of it.
  if (last) {
    return {
      error: { ...last, handling: 'account', retryAfter: HOUR, unanswered: true } satisfies GraphFailure,
    };
  }
  return {
    error: {
      code: cause instanceof ApplicationFailure ? (cause.type ?? 'Unexpected') : 'Unexpected',
      message: cause?.message ?? 'the call failed without a word',
      handling: 'account',
      retryAfter: HOUR,
      unanswered: true,
      whatToDo: 'It is tried again in an hour; look at the worker log.',
    } satisfies GraphFailure,
  };
}
