import { setTimeout } from 'node:timers/promises';
import { temporal } from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { BenchStack } from '../parts/stack';
import { namespace, type Seeded } from './seed';
import type { Renewals } from './report';
import type { Size } from '.';

const { EventType } = temporal.api.enums.v1;

/** Lets all renew by themselves, their codes handed in as they come, until each is renewed or has lapsed. */
export async function renewAll(
  name: string,
  stack: BenchStack,
  { day, callsPerSecond }: Size,
  { client, pool, numbers, verifiedAt }: Seeded,
  told: (what: string) => void,
): Promise<Renewals> {
  const all = [...numbers.values()].flat();
  const { customers } = stack;
  const begun = Date.now();
  await stack.worker(namespace, undefined, { GRAPH_CALLS_PER_SECOND: String(callsPerSecond) });
  let over = false;
  const handIn = async (number: string) => {
    // Those that renew late may be waited for longer than a message usually takes.
    let code: string | null = null;
    while (!over && code === null) code = await customers.message(number).catch(() => null);
    if (code !== null) await pool.signal.submitCode(number, { code });
  };
  // One that never gets a code is found among those that lapse.
  for (const number of all) void handIn(number);
  const count = async (query: string) => (await client.workflow.count(query)).count;
  const renewedBy = new Date(verifiedAt + 100 * day).toISOString();
  const lapse = verifiedAt + 90 * day;
  const renewed = () => count(`NumberState = 'Verified' AND VerificationExpiresAt > '${renewedBy}'`);
  let done = 0;
  while (Date.now() < lapse && (done = await renewed()) < all.length) await setTimeout(500);
  const ended = Date.now();
  over = true;
  told('all renewed');

  const calls = (await customers.sim.calls()).map(({ call, at }) => ({ call, at: Date.parse(at) }));
  const within = calls.filter(({ at }) => at >= begun && at <= ended);
  // A reading after a verification belongs to the same activity.
  const begins = within.filter(({ call }) => call === 'request_code' || call === 'verify_code');
  const waits = new Map<string, number[]>();
  for (const [portfolio, of] of numbers) waits.set(portfolio, await waitsOf(client, of.slice(0, 250), begun));
  told('counted');
  return {
    name,
    numbers: all.length,
    renewed: done,
    lapsed: await count(`NumberState = 'Unverified'`),
    took: ended - (verifiedAt + 45 * day),
    activities: most(begins.map(({ at }) => at)),
    calls: most(within.map(({ at }) => at)),
    waits,
  };
}

/** The most that fell into any second, and a second's share of the most in any ten. */
function most(times: number[]): { second: number; tenSeconds: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const window = (length: number) => {
    let from = 0;
    return sorted.reduce((max, at, index) => {
      while ((sorted[from] ?? at) <= at - length) from++;
      return Math.max(max, index - from + 1);
    }, 0);
  };
  return { second: window(1_000), tenSeconds: window(10_000) / 10 };
}

/** How long the calls of numbers waited for their turn, in milliseconds. */
async function waitsOf(client: Client, numbers: readonly string[], since: number): Promise<number[]> {
  const limit = pLimit(10);
  const histories = await Promise.all(
    numbers.map((number) => limit(() => client.workflow.getHandle(`number:${number}`).fetchHistory())),
  );
  return histories.flatMap(({ events }) => {
    const scheduled = new Map<string, number>();
    return (events ?? []).flatMap(({ eventId, eventType, eventTime, activityTaskStartedEventAttributes }) => {
      const at = Number(eventTime?.seconds) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
      if (eventType === EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) scheduled.set(String(eventId), at);
      if (eventType !== EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED) return [];
      const from = scheduled.get(String(activityTaskStartedEventAttributes?.scheduledEventId)) ?? NaN;
      return from >= since ? [at - from] : [];
    });
  });
}
