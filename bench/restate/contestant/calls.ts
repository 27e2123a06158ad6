import { RetryableError } from '@restatedev/restate-sdk';
import { fromPromise } from '@restatedev/xstate/promise';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { NumberActivities } from '../../../contract/number-activities';
import { failedEnd } from '../../../workflows/life/failed-end';
import { activityOf } from '../../../workflows/number/call-end';
import type { Call } from '../../../workflows/number/context';

const names: Record<Call, true> = {
  addNumber: true,
  requestCode: true,
  verifyCode: true,
  confirmClaim: true,
  claimNumber: true,
  registerNumber: true,
  changeSharing: true,
  readNumber: true,
  removeNumber: true,
};

/** As often as Temporal tries again. */
const retry = { initialRetryInterval: 1_000, retryIntervalFactor: 2, maxRetryInterval: 300_000 };

/** The chart's children as Restate's: the same activities, each in a durable step that is tried again as Temporal does. */
export const callsOf = (activities: NumberActivities) =>
  Object.fromEntries((Object.keys(names) as Call[]).map((src) => [src, call(activities, src)]));

function call(activities: NumberActivities, src: Call) {
  return fromPromise(async ({ input, ctx }) => {
    const name = activityOf({ src, input });
    const once = src === 'requestCode';
    const work = () => activities[name](input as never);
    let attempt = 0;
    const end = await ctx.run(name, () => tryOnce(work, ++attempt, once), retry);
    if ('error' in end) throw end.error;
    return end.output;
  });
}

/** A failure of Meta's is an answer too: an error would reach the chart as text alone. */
async function tryOnce(work: () => Promise<unknown>, attempt: number, once: boolean) {
  try {
    const output = await new MockActivityEnvironment({ attempt }).run(work);
    return { output: output ?? null };
  } catch (error) {
    const failure = error instanceof ApplicationFailure ? error : null;
    if (once || failure?.nonRetryable) return failedEnd(error as Error);
    const wait = failure?.nextRetryDelay;
    throw typeof wait === 'number' ? RetryableError.from(error, { retryAfter: wait }) : error;
  }
}
