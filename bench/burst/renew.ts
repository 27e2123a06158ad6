import { setTimeout } from 'node:timers/promises';
import { temporal } from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { BenchStack } from '../stack/stack';
import { namespace, type Seeded, type Size } from './seed';

const { EventType } = temporal.api.enums.v1;

export interface Renewals {
  name: string;
  numbers: number;
  renewed: number;
  lapsed: number;
  /** From when the first could be due to the last, in milliseconds. */
  took: number;
  /** In the busiest second, and a second of the busiest ten: what the budget counts, and all calls to Meta. */
  activities: Rate;
  calls: Rate;
  /** The most activities that had begun at any moment beyond what the budget had by then. */
  aheadOfBudget: number;
  /** Milliseconds that calls waited for their turn, by portfolio. */
  waits: Map<string, number[]>;
}

interface Rate {
  second: number;
  tenSeconds: number;
}

/** Lets all renew by themselves, their codes handed in as they come, until each is renewed or has lapsed. */
export async function renewAll(
  name: string,
  stack: BenchStack,
  { day, callsPerSecond }: Size,
  { client, pool, numbers, renewableFrom }: Seeded,
  onStep: (what: string) => void,
): Promise<Renewals> {
  const all = [...numbers.values()].flat();
  const { customers } = stack;
  const begun = Date.now();
  await stack.worker(namespace, undefined, { GRAPH_CALLS_PER_SECOND: String(callsPerSecond) });
  for (const number of all) {
    void customers
      .code(number, pool)
      .then((code) => pool.signal.submitCode(number, { code }))
      // One that gets no code is found among those that lapse.
      .catch(() => undefined);
  }
  const before = new Date(renewableFrom + 60 * day).toISOString();
  const query = `NumberState = 'Verified' AND VerificationExpiresAt > '${before}'`;
  const countRenewed = async () => (await client.workflow.count(query)).count;
  let renewed = 0;
  const lapse = renewableFrom + 45 * day;
  while (Date.now() < lapse && (renewed = await countRenewed()) < all.length) await setTimeout(500);
  const ended = Date.now();
  onStep('all renewed');

  const calls = (await customers.sim.calls()).map(({ at }) => Date.parse(at));
  const activities = new Map<string, Activity[]>();
  for (const [portfolio, of] of numbers) activities.set(portfolio, await activitiesOf(client, of, begun));
  onStep('counted');
  const started = [...activities.values()].flat().map((activity) => activity.started);
  return {
    name,
    numbers: all.length,
    renewed,
    lapsed: all.length - renewed,
    took: ended - renewableFrom,
    activities: rate(started),
    aheadOfBudget: aheadOf(callsPerSecond, started),
    calls: rate(calls.filter((at) => at >= begun && at <= ended)),
    waits: new Map(
      [...activities].map(([portfolio, of]) => [
        portfolio,
        of.map(({ scheduled, started }) => started - scheduled),
      ]),
    ),
  };
}

/** The most that fell into any second, and a second's share of the most in any ten. */
function rate(times: number[]): Rate {
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

/** A busy server writes down late what it let go: counted from the first, that never makes it more than it was. */
function aheadOf(perSecond: number, times: number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const [first = NaN] = sorted;
  return Math.max(...sorted.map((at, index) => index + 1 - ((at - first) / 1000) * perSecond));
}

/** When an activity was scheduled, and when the server let it go; epoch milliseconds. */
interface Activity {
  scheduled: number;
  started: number;
}

/** By the server's own clock: when a call reaches Meta depends on how busy the worker is. */
async function activitiesOf(client: Client, numbers: readonly string[], since: number): Promise<Activity[]> {
  const limit = pLimit(10);
  const histories = await Promise.all(
    numbers.map((number) => limit(() => client.workflow.getHandle(`number:${number}`).fetchHistory())),
  );
  return histories.flatMap(({ events }) => {
    const scheduledAt = new Map<string, number>();
    return (events ?? []).flatMap(({ eventId, eventType, eventTime, activityTaskStartedEventAttributes }) => {
      const at = Number(eventTime?.seconds) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
      if (eventType === EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) scheduledAt.set(String(eventId), at);
      if (eventType !== EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED) return [];
      const scheduled = scheduledAt.get(String(activityTaskStartedEventAttributes?.scheduledEventId)) ?? NaN;
      return scheduled >= since ? [{ scheduled, started: at }] : [];
    });
  });
}
