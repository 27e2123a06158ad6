import { GraphError, NoAnswerError, UnreadableAnswerError, type Handling } from './graph';
import type { GraphFailure } from '../contract/number-activities';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A refusal, and whether it passes so soon that Temporal's own retries are the right answer. */
export interface Fault {
  refusal: GraphFailure;
  passesSoon: boolean;
  /** Milliseconds before the next try; `null` leaves it to the back-off. */
  retryIn: number | null;
}

/** The chart's word for each handling of the error table. */
const chartHandling: Record<Handling, GraphFailure['handling']> = {
  retry: 'wait',
  wait: 'wait',
  account: 'account',
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

/** Waits up to this long are Temporal's; longer ones belong to the chart, which shows them. */
const SOON = 10 * MINUTE;

/** What an error of the Graph client means to a number; `null` for an error that is none of its. */
export function readFault(error: unknown): Fault | null {
  if (error instanceof GraphError) return ofGraphError(error);
  if (error instanceof NoAnswerError) return soon('network', error.reason, 'Meta could not be reached');
  if (error instanceof UnreadableAnswerError) return ofUnreadable(error);
  return null;
}

function ofGraphError(error: GraphError): Fault {
  const handling = chartHandling[error.handling];
  const backOff = error.handling === 'retry' && error.retryAfter === null;
  const retryAfter = backOff ? 5 * SECOND : error.retryAfter;
  return {
    refusal: { code: error.code, message: error.words, handling, retryAfter, whatToDo: error.whatToDo },
    passesSoon: handling === 'wait' && retryAfter !== null && retryAfter <= SOON,
    retryIn: error.retryAfter,
  };
}

function ofUnreadable(error: UnreadableAnswerError): Fault {
  const code = `HTTP ${String(error.status)}`;
  if (error.outcome === 'unknown' || error.status === 429)
    return soon(code, error.reason, 'The answer was unreadable');
  return {
    refusal: {
      code,
      message: error.reason,
      handling: 'account',
      retryAfter: 60 * MINUTE,
      whatToDo: 'Check GRAPH_API_URL and any proxy on the way: what answered is not the Graph API.',
    },
    passesSoon: false,
    retryIn: null,
  };
}

function soon(code: string, reason: string, what: string): Fault {
  return {
    refusal: {
      code,
      message: `${what} (${reason}).`,
      handling: 'wait',
      retryAfter: 5 * SECOND,
      whatToDo: 'Nothing: the call is tried again. If it stays, check the network and GRAPH_API_URL.',
    },
    passesSoon: true,
    retryIn: null,
  };
}
