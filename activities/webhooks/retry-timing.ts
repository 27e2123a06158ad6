import { ApplicationFailure, Context } from '@temporalio/activity';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Time in which all workers are restarted with a new endpoints file. */
const ROLLOUT = 10 * MINUTE;

/** Milliseconds since the activity was scheduled, over all of its attempts. */
export const sinceScheduled = () => Date.now() - Context.current().info.scheduledTimestampMs;

/**
 * Has the activity retried for the first ten minutes, in case another worker has the endpoint that this one lacks: during a
 * rollout, workers have different endpoints files.
 *
 * @throws {ApplicationFailure} in the first ten minutes
 */
export function leaveToOtherWorkers(lacking: string): void {
  if (sinceScheduled() >= ROLLOUT) return;
  throw ApplicationFailure.create({
    type: 'NotConfigured',
    message: `${lacking}. Retried for ten minutes, in case another worker is configured otherwise.`,
    nextRetryDelay: 10 * SECOND,
  });
}

/**
 * Waits as long as the delivery has taken so far, which doubles the wait, give or take a quarter so that deliveries spread.
 * A `Retry-After` of the endpoint goes first. All in milliseconds.
 */
export const retryDelay = (elapsed: number, retryAfter: number | null, random = Math.random()) =>
  retryAfter === null
    ? Math.round(clamp(5 * SECOND, elapsed, 6 * HOUR) * (0.75 + random / 2))
    : clamp(SECOND, retryAfter, 6 * HOUR);

const clamp = (least: number, value: number, most: number) => Math.min(Math.max(value, least), most);
