import { ActivityFailure, ApplicationFailure } from '@temporalio/common';

/** Meta says no, as far as a workflow must know. An activity throws it as the first detail of an `ApplicationFailure`. */
export interface GraphFailure {
  /** Meta's `code` as text, with the subcode where it matters: `136024/2388091`; `network` where there was no answer. */
  code: string;
  /** Meta's words, redacted. */
  message: string;
  /**
   * `wait`: goes on by itself after `retryAfter` ·
   * `account`: a person must mend the token, permission or account; worth another try after `retryAfter` ·
   * `number`: Meta will not have this number or this request, ever ·
   * `pin`: another PIN is needed (133005) ·
   * `verifyFirst`: the number must be verified before it can be registered (133006) ·
   * `codeNotSent`: the code could not be sent (136024/2388091): another method after `retryAfter`.
   */
  handling: 'wait' | 'account' | 'number' | 'pin' | 'verifyFirst' | 'codeNotSent';
  /** Milliseconds; `null` where waiting does not help. */
  retryAfter: number | null;
  /**
   * Milliseconds. Where it is stated, `retryAfter` doubles with every failure in a row, up to this: what is waited for
   * takes hours to days, and each try counts in Meta's budget.
   */
  retryAfterAtMost?: number;
  /**
   * Meta did nothing and counted nothing: the token, the permission or the account did not let the call in, or it never
   * reached Meta. Not stated where an attempt before may have been counted.
   */
  turnedAway?: boolean;
  /** Meta allows only so many in a time, and they are used up. */
  limit?: true;
  /** The call's time was over before any answer said whether it was done. */
  unanswered?: true;
  whatToDo: string;
  /** Of `addNumber`: this worker has endpoints that receive webhooks. */
  webhooks?: boolean;
}

/** `final`: the workflow decides what follows. `transient`: Temporal retries the activity, and no workflow sees it. */
export const graphFailureTypes = { final: 'GraphError', transient: 'GraphTransient' } as const;

/** Meta's no in the failure of an activity; `null` if the activity failed for another reason. */
export const graphFailureIn = (error: unknown) => failureOf(graphFailureTypes.final, error);

/** The last of the failures after which Temporal tried the activity again, until its time was over. */
export const lastGraphFailureIn = (error: unknown) => failureOf(graphFailureTypes.transient, error);

function failureOf(type: string, error: unknown): GraphFailure | null {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure) || cause.type !== type) return null;
  return (cause.details?.[0] ?? null) as GraphFailure | null;
}
