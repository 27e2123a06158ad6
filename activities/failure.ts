import { ApplicationFailure } from '@temporalio/activity';
import type { GraphFailure } from '../contract/number-activities';

/** A refusal that the chart must answer: never retried by Temporal, its first detail is the refusal. */
export function refused(doing: string, refusal: GraphFailure): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'GraphError',
    nonRetryable: true,
    message: sentence(doing, refusal),
    details: [refusal],
  });
}

/** A fault that passes soon: Temporal tries again, after `retryIn` milliseconds or by its own back-off. */
export function passing(doing: string, refusal: GraphFailure, retryIn: number | null): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'GraphTransient',
    message: sentence(doing, refusal),
    details: [refusal],
    ...(retryIn === null ? {} : { nextRetryDelay: retryIn }),
  });
}

function sentence(doing: string, { code, message, whatToDo }: GraphFailure): string {
  const words = /[.!?…]$/.test(message) ? message : `${message}.`;
  const cause = /^\d/.test(code) ? `Meta's code ${code}` : code;
  return `Could not ${doing} (${cause}): ${words} What to do: ${whatToDo}`;
}
