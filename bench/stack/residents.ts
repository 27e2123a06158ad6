import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { poolOf } from './stack';

/** Starts under way at a time: enough to keep a server busy. */
export const concurrency = 50;

/**
 * Adds numbers that then sleep until somebody wants something of them: Meta has taken each, and its deadline is set.
 *
 * @param total how many of them there are then
 * @param onStep called after every tenth of them
 */
export async function addResidents(
  client: Client,
  numbers: readonly string[],
  total: number,
  onStep: (what: string) => void,
): Promise<void> {
  const pool = poolOf(client, { automation: { requestCode: false } });
  const tenth = Math.ceil(numbers.length / 10);
  const outcomes = await pool.addMany(numbers, {
    concurrency,
    onProgress: (done) => {
      if (done % tenth === 0) onStep(`${done} of ${numbers.length} numbers added`);
    },
  });
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
  while ((await asleep(client)) < total) await setTimeout(200);
}

/** By search, which is a moment behind. */
async function asleep(client: Client): Promise<number> {
  return (await client.workflow.count("NumberState = 'Added' AND NextDeadline IS NOT NULL")).count;
}
