import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { countPollers } from '../temporal/pollers';

/** Milliseconds. */
const LOOKED_EVERY = 2_000;

/**
 * Waits for what a worker does, and not for ever: what was begun is done when a worker comes, which may be next week.
 *
 * @param failed stands before the reason
 * @throws {Error} once nobody waits for work
 */
export async function orNoWorker<Result>(
  client: Client,
  result: Promise<Result>,
  failed: string,
): Promise<Result> {
  const done = new AbortController();
  const watch = async (): Promise<never> => {
    for (;;) {
      await setTimeout(LOOKED_EVERY, undefined, { signal: done.signal });
      // Who cannot say does not mean that there is none.
      const queues = await countPollers(client).catch(() => []);
      const idle = queues.filter(({ alive }) => alive.length === 0).map(({ taskQueue }) => taskQueue);
      if (idle.length > 0) {
        throw new Error(
          `${failed} It was begun, and no worker waits for work on ${idle.join(' and ')}: start one with "preverified worker", and it goes on.`,
        );
      }
    }
  };
  try {
    return await Promise.race([result, watch()]);
  } finally {
    done.abort();
  }
}
