import type { NumberPool } from '../client/index';
import { note } from './print';

/** What was begun or sent lies with Temporal until a worker takes it: whoever has none hears it now, and not next week. */
export async function noteNoWorker(pool: NumberPool): Promise<void> {
  const { countPollers } = await import('../temporal/pollers');
  // Who cannot say does not mean that there is none.
  const queues = await countPollers(pool.client).catch(() => []);
  const idle = queues.filter(({ alive }) => alive.length === 0).map(({ taskQueue }) => taskQueue);
  if (idle.length > 0) {
    note(
      `Nothing happens yet: no worker waits for work on ${idle.join(' and ')}. Start one with "preverified worker".`,
    );
  }
}
