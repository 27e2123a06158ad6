import pLimit from 'p-limit';
import type { ListedNumber, NumberPool, NumberRecord } from '../client/index';
import { finalStates } from '../contract/number-record';
import { readReconciliation, type LastReconciliation } from '../client/reconcile/last';
import { mismatch } from '../temporal/check-keys';
import { countPollers, type Pollers } from '../temporal/pollers';
import { readPoolKeys, type PoolKeys } from '../temporal/pool-keys';
import type { PayloadKey } from '../settings/payload-keys';

const DAY = 24 * 60 * 60 * 1000;
const spans = [7, 30, 45] as const;
/** So many are asked themselves about their code or their problem; each answer is a task of a worker. */
const askedAtMost = 200;

/** A pool in one screen. Numbers are digits, times ISO 8601 UTC. */
export interface PoolStatus {
  at: string;
  /** Numbers whose life goes on. */
  living: number;
  ended: number;
  byState: Record<string, number>;
  byCountry: { country: string; living: number; verified: number; free: number; reserved: number }[];
  free: number;
  reserved: number;
  waiting: {
    number: string;
    method: string | null;
    since: string | null;
    goodUntil: string | null;
    certain: boolean;
  }[];
  /** Verified numbers whose verification ends within so many days. */
  expiring: Record<(typeof spans)[number], number>;
  problems: { whatToDo: string; code: string; numbers: string[] }[];
  unreadable: { number: string; key: string }[];
  workers: Pollers[];
  keys: { pool: PoolKeys | null; fault: string | null };
  reconcile: LastReconciliation | null;
}

/** Reads all of it: the whole list once, and those that wait or have a problem themselves. */
export async function readStatus(
  pool: NumberPool,
  { portfolioId, keys }: { portfolioId: string | null; keys: readonly PayloadKey[] },
): Promise<PoolStatus> {
  const { client } = pool;
  const numbers: ListedNumber[] = [];
  const [workers, stated, reconcile] = await Promise.all([
    countPollers(client),
    readPoolKeys(client),
    portfolioId === null ? null : readReconciliation(client, portfolioId),
    (async () => {
      for await (const number of pool.list()) numbers.push(number);
    })(),
  ]);
  const living = numbers.filter(({ state }) => !finalStates.includes(state));
  const readable = living.filter(({ unreadable }) => unreadable === null);
  const working = workers.some(
    ({ taskQueue, alive }) => taskQueue === 'preverified-numbers' && alive.length > 0,
  );
  const ask = working ? asking(pool) : () => Promise.resolve(null);
  const now = Date.now();
  const free = readable.filter(isFree);
  return {
    at: new Date(now).toISOString(),
    living: living.length,
    ended: numbers.length - living.length,
    byState: count(numbers, ({ state }) => state),
    byCountry: Object.entries(grouped(living, ({ country }) => country ?? '–')).map(([country, all]) => ({
      country,
      living: all.length,
      verified: all.filter(({ state }) => state === 'Verified').length,
      free: all.filter(isFree).length,
      reserved: all.filter(isReserved).length,
    })),
    free: free.length,
    reserved: living.filter(isReserved).length,
    waiting: await waitingOf(readable, ask),
    expiring: Object.fromEntries(
      spans.map((days) => [
        days,
        readable.filter((number) => expiresBefore(number, now + days * DAY)).length,
      ]),
    ) as PoolStatus['expiring'],
    problems: await problemsOf(readable, ask),
    unreadable: numbers.flatMap(({ phoneNumber: number, unreadable: key }) =>
      key === null ? [] : [{ number, key }],
    ),
    workers,
    keys: { pool: stated, fault: (stated && mismatch(stated, keys)?.what) ?? null },
    reconcile,
  };
}

const isFree = ({ state, customerId, problem, unreadable }: ListedNumber) =>
  state === 'Verified' && customerId === null && problem !== 'NotInPool' && unreadable === null;

const isReserved = ({ state, customerId }: ListedNumber) => state !== 'Claimed' && customerId !== null;

const expiresBefore = ({ state, verificationExpiresAt }: ListedNumber, at: number) =>
  state === 'Verified' && verificationExpiresAt !== null && Date.parse(verificationExpiresAt) <= at;

type Ask = (number: ListedNumber) => Promise<NumberRecord | null>;

/** `null` where a number does not answer, or cannot be read: the list tells of it all the same. */
function asking(pool: NumberPool): Ask {
  const limit = pLimit(20);
  return ({ phoneNumber }) => limit(() => pool.get(phoneNumber).catch(() => null));
}

async function waitingOf(living: ListedNumber[], ask: Ask): Promise<PoolStatus['waiting']> {
  const waiting = living.filter(({ state }) => state === 'CodeRequested');
  const asked = await Promise.all(
    waiting.map(async (number, index) => {
      const record = index < askedAtMost ? await ask(number) : null;
      const { method = null, goodUntil = null, certain = true } = record?.requestedCode ?? {};
      const since = record?.transitions.at(-1)?.at ?? null;
      return { number: number.phoneNumber, method, since, goodUntil, certain };
    }),
  );
  return asked.sort((one, other) => (one.since ?? '~').localeCompare(other.since ?? '~'));
}

async function problemsOf(living: ListedNumber[], ask: Ask): Promise<PoolStatus['problems']> {
  const concerned = living.filter(({ needsPerson }) => needsPerson !== null);
  const asked = await Promise.all(
    concerned.map(async (number, index) => {
      const problem = index < askedAtMost ? (await ask(number))?.problem : null;
      const whatToDo = problem?.whatToDo ?? 'Look at each with "preverified show".';
      return { number: number.phoneNumber, code: number.needsPerson ?? '', whatToDo };
    }),
  );
  const groups = Object.values(grouped(asked, ({ code, whatToDo }) => `${code}\n${whatToDo}`));
  return groups
    .map((group) => ({
      whatToDo: group[0]?.whatToDo ?? '',
      code: group[0]?.code ?? '',
      numbers: group.map(({ number }) => number),
    }))
    .sort((one, other) => other.numbers.length - one.numbers.length);
}

function grouped<Item>(items: readonly Item[], key: (item: Item) => string): Record<string, Item[]> {
  const groups: Record<string, Item[]> = {};
  for (const item of items) (groups[key(item)] ??= []).push(item);
  return groups;
}

const count = <Item>(items: readonly Item[], key: (item: Item) => string): Record<string, number> =>
  Object.fromEntries(Object.entries(grouped(items, key)).map(([name, group]) => [name, group.length]));
