import { ApplicationFailure } from '@temporalio/activity';
import { graphFailureTypes, type GraphFailure } from '../contract/graph-failure';
import { GraphError, NoAnswerError, UnreadableAnswerError, type Handling } from './graph';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Temporal waits up to this long by itself; the chart waits longer times, so that people see them. */
const SOON = 10 * MINUTE;

/** An error of the Graph client, as the workflow is told of it. */
export interface ReadGraphError {
  failure: GraphFailure;
  /** It passes so soon that Temporal should retry by itself. */
  passesSoon: boolean;
  /** Milliseconds before Temporal's next attempt; `null` leaves it to the back-off. */
  nextRetryDelay: number | null;
}

/** How the workflow handles what the error table says. */
const handlingFor: Record<Handling, GraphFailure['handling']> = {
  retry: 'wait',
  wait: 'wait',
  account: 'account',
  full: 'account',
  number: 'number',
  gone: 'number',
  pin: 'pin',
  verifyFirst: 'verifyFirst',
  registerFirst: 'wait',
  registerAgain: 'wait',
  deregisterAgain: 'wait',
  codeNotSent: 'codeNotSent',
  wrongCode: 'number',
  alreadyVerified: 'wait',
};

/** @returns `null` for an error that the Graph client did not throw */
export function readGraphError(error: unknown): ReadGraphError | null {
  if (error instanceof GraphError) return ofGraphError(error);
  if (error instanceof NoAnswerError) return tryAgain('network', error, 'Meta could not be reached');
  if (error instanceof UnreadableAnswerError) return ofUnreadableAnswer(error);
  return null;
}

/** A failure for the workflow: Temporal does not retry the activity. `doing`: "add +15550783881 to the pool". */
export const finalFailure = (doing: string, failure: GraphFailure): ApplicationFailure =>
  ApplicationFailure.create({
    type: graphFailureTypes.final,
    nonRetryable: true,
    message: sentence(doing, failure),
    details: [failure],
  });

/** A failure for Temporal, which retries the activity after `nextRetryDelay` milliseconds, or by its own back-off. */
export const transientFailure = (
  doing: string,
  failure: GraphFailure,
  nextRetryDelay: number | null,
): ApplicationFailure =>
  ApplicationFailure.create({
    type: graphFailureTypes.transient,
    message: sentence(doing, failure),
    details: [failure],
    ...(nextRetryDelay === null ? {} : { nextRetryDelay }),
  });

function ofGraphError(error: GraphError): ReadGraphError {
  const handling = handlingFor[error.handling];
  const backOff = error.handling === 'retry' && error.retryAfter === null;
  const retryAfter = backOff ? 5 * SECOND : error.retryAfter;
  // What takes Meta days, such as a display name, is no budget of calls.
  const limit = error.handling === 'wait' && error.retryAfterAtMost === null;
  return {
    failure: {
      code: error.code,
      message: error.words,
      handling,
      retryAfter,
      ...(error.retryAfterAtMost === null ? {} : { retryAfterAtMost: error.retryAfterAtMost }),
      ...(error.turnedAway && { turnedAway: true }),
      ...(limit && { limit }),
      whatToDo: error.whatToDo,
    },
    passesSoon: handling === 'wait' && retryAfter !== null && retryAfter <= SOON,
    nextRetryDelay: error.retryAfter,
  };
}

function ofUnreadableAnswer(error: UnreadableAnswerError): ReadGraphError {
  const code = `HTTP ${String(error.status)}`;
  if (error.outcome === 'unknown' || error.status === 429) {
    return tryAgain(code, error, 'The answer was unreadable');
  }
  return {
    failure: {
      code,
      message: error.reason,
      handling: 'account',
      retryAfter: 60 * MINUTE,
      turnedAway: true,
      whatToDo: 'Check GRAPH_API_URL and any proxy on the way: what answered is not the Graph API.',
    },
    passesSoon: false,
    nextRetryDelay: null,
  };
}

const tryAgain = (
  code: string,
  { reason, retryAfter }: NoAnswerError | UnreadableAnswerError,
  what: string,
): ReadGraphError => ({
  failure: {
    code,
    message: `${what} (${reason}).`,
    handling: 'wait',
    retryAfter: retryAfter ?? 5 * SECOND,
    ...(code === 'HTTP 429' && { limit: true }),
    whatToDo: 'Nothing: the call is tried again. If it stays, check the network and GRAPH_API_URL.',
  },
  passesSoon: retryAfter === null || retryAfter <= SOON,
  nextRetryDelay: retryAfter,
});

function sentence(doing: string, { code, message, whatToDo }: GraphFailure): string {
  const words = /[.!?…]$/.test(message) ? message : `${message}.`;
  const cause = /^\d/.test(code) ? `Meta's code ${code}` : code;
  return `Could not ${doing} (${cause}): ${words} What to do: ${whatToDo}`;
}
