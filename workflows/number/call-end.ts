import { ApplicationFailure } from '@temporalio/common';
import { graphFailureIn, type GraphFailure } from '../../contract/graph-failure';
import type { NumberActivities } from '../../contract/number-activities';
import type { Child, ChildEnd } from '../interpreter/interpretation';
import type { Sharing } from './context';

/** The activity that does a child's work. */
export const activityOf = ({ src, input }: Pick<Child, 'src' | 'input'>) =>
  (src === 'changeSharing' ? `${(input as Sharing).action}Number` : src) as keyof NumberActivities;

/** The end of a call whose activity failed; an error that the Graph client does not know is a person's business. */
export function failedEnd(cause: Error | undefined): ChildEnd & { error: unknown } {
  const failure = graphFailureIn(cause);
  if (failure) return { error: failure };
  return {
    error: {
      code: cause instanceof ApplicationFailure ? (cause.type ?? 'Unexpected') : 'Unexpected',
      message: cause?.message ?? 'the call failed without a word',
      handling: 'account',
      retryAfter: 60 * 60 * 1000,
      whatToDo: 'It is tried again in an hour; look at the worker log.',
    } satisfies GraphFailure,
  };
}

/** The end of a call whose activity timed out: a code may have been sent then, everything else has failed. */
export const unansweredEnd = ({ src }: Pick<Child, 'src'>): ChildEnd =>
  src === 'requestCode' ? { output: { outcome: 'unknown' } } : failedEnd(undefined);
