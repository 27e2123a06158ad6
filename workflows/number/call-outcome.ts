import { ApplicationFailure } from '@temporalio/common';
import { graphFailureIn, type GraphFailure } from '../../contract/graph-failure';
import type { NumberActivities } from '../../contract/number-activities';
import type { Child, TimedEvent } from '../interpreter/interpretation';
import type { Sharing } from './context';

/** The activity that does a child's work. */
export const activityOf = ({ src, input }: Pick<Child, 'src' | 'input'>) =>
  (src === 'changeSharing' ? `${(input as Sharing).action}Number` : src) as keyof NumberActivities;

/** Whether others are to be told what happens, where an event says so: the answer or refusal of adding the number. */
export const webhooksIn = (event: TimedEvent): boolean | undefined => {
  const { actorId, output, error } = event as { actorId?: string; output?: Told; error?: Told };
  return actorId === 'addNumber' ? (output ?? error)?.webhooks : undefined;
};

type Told = { webhooks?: boolean } | null;

/** What a failed call tells the chart; an error that the Graph client does not know is a person's business. */
export function refusalOf(cause: Error | undefined): GraphFailure {
  const failure = graphFailureIn(cause);
  if (failure) return failure;
  return {
    code: cause instanceof ApplicationFailure ? (cause.type ?? 'Unexpected') : 'Unexpected',
    message: cause?.message ?? 'the call failed without a word',
    handling: 'account',
    retryAfter: 60 * 60 * 1000,
    whatToDo: 'It is tried again in an hour; look at the worker log.',
  };
}
