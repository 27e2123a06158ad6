import { ApplicationFailure, Context } from '@temporalio/activity';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Workers are not all started anew at one moment: another one may know what this one does not. */
const ROLL_OUT = 10 * MINUTE;

/** Milliseconds since the activity was first due. */
export const age = () => Date.now() - Context.current().info.scheduledTimestampMs;

/**
 * What this worker's file of endpoints does not have, another worker's may: the activity is tried there, for ten minutes.
 *
 * @throws {ApplicationFailure} in the first ten minutes
 */
export function askAnotherWorker(what: string): void {
  if (age() >= ROLL_OUT) return;
  throw ApplicationFailure.create({
    type: 'AnotherWorker',
    message: `${what}: another worker is asked, for ten minutes.`,
    nextRetryDelay: 10 * SECOND,
  });
}

/** As long again as it has taken so far, from five seconds to six hours, and never quite the same for all. */
export const nextWait = (taken: number, stated: number | null, random = Math.random()) =>
  stated === null
    ? Math.round(within(5 * SECOND, taken, 6 * HOUR) * (0.75 + random / 2))
    : within(SECOND, stated, 6 * HOUR);

const within = (least: number, value: number, most: number) => Math.min(Math.max(value, least), most);
