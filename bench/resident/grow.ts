import { quantile } from '../core/statistics';
import type { MeasuredProcess } from '../stack/measured-process';
import { addResidents } from '../stack/residents';
import { poolOf, type BenchStack } from '../stack/stack';

/** Medians and 99th percentiles of milliseconds. */
export interface Times {
  p50: number;
  p99: number;
}

/** What so many numbers asleep take, and what they cost to ask. */
export interface Grown {
  total: number;
  /** Those that came with this step: until each was asleep. */
  perSecond: number;
  bytesEach: number;
  /** Milliseconds of CPU for each that was added. */
  clientCpu: number;
  workerCpu: number;
  serverCpu: number;
  /** How much of one core our client kept busy meanwhile. */
  clientShare: number;
  /** An update, of a number that no worker knows yet: it is replayed first; and of one that a worker has in memory. */
  wakeCold: Times;
  wakeWarm: Times;
  /** Milliseconds of the worker's CPU for each. */
  wakeColdCpu: number;
  wakeWarmCpu: number;
  /** A query, likewise. */
  getCold: Times;
  getWarm: Times;
  /** Search: the first hundred, how many there are, and all of them, for each. */
  firstHundred: number;
  count: number;
  listEach: number;
}

/** Adds numbers up to a total, then asks some of them. */
export async function grow(
  stack: BenchStack,
  namespace: string,
  { from, total, asked }: { from: number; total: number; asked: number },
  onStep: (what: string) => void,
): Promise<Grown> {
  const { client } = await stack.namespace(namespace);
  const pool = poolOf(client);
  const added = Array.from({ length: total - from }, (_, index) => numberOf(from + index));
  const adding = await stack.worker(namespace);
  const begunWith = (await adding.usage()).cpu;
  const before = { ...(await stack.cpu()), size: await stack.server.size() };
  const begun = performance.now();
  await addResidents(client, added, total, onStep);
  const took = performance.now() - begun;
  const after = { ...(await stack.cpu()), size: await stack.server.size() };
  const workerCpu = (await adding.usage()).cpu - begunWith;
  await adding.stop();

  // A worker that has just started remembers no number.
  const worker = await stack.worker(namespace);
  // Spread over all that there are; each half for one kind of question.
  const chosen = Array.from({ length: 2 * asked }, (_, index) =>
    numberOf(Math.floor(((index + 0.5) * total) / (2 * asked))),
  );
  const woken = chosen.filter((_, index) => index % 2 === 0);
  const asleep = chosen.filter((_, index) => index % 2 === 1);
  const update = { customerId: 'c-1' };
  const wakeCold = await ask(worker, woken, (number) => pool.reserve(number, update));
  const wakeWarm = await ask(worker, woken, (number) => pool.release(number));
  const getCold = await ask(worker, asleep, (number) => pool.get(number));
  const getWarm = await ask(worker, asleep, (number) => pool.get(number));
  await worker.stop();

  const list = async (most: number) => {
    const seen = new Set<string>();
    const start = performance.now();
    for await (const { phoneNumber } of pool.list({ state: 'Added' }))
      if (seen.add(phoneNumber).size >= most) break;
    return { seen: seen.size, took: performance.now() - start };
  };
  const first = await list(100);
  const all = await list(Infinity);
  if (all.seen !== total) throw new Error(`search finds ${all.seen} numbers of ${total}`);
  const counting = performance.now();
  await client.workflow.count("NumberState = 'Added'");
  const counted = performance.now() - counting;
  onStep(`${total} asleep`);

  const count = added.length;
  return {
    total,
    perSecond: (count / took) * 1000,
    bytesEach: (after.size - before.size) / count,
    clientCpu: (after.driver - before.driver) / count,
    workerCpu: workerCpu / count,
    serverCpu: (after.server - before.server) / count,
    clientShare: (after.driver - before.driver) / took,
    wakeCold: wakeCold.times,
    wakeWarm: wakeWarm.times,
    wakeColdCpu: wakeCold.cpu,
    wakeWarmCpu: wakeWarm.cpu,
    getCold: getCold.times,
    getWarm: getWarm.times,
    firstHundred: first.took,
    count: counted,
    listEach: all.took / total,
  };
}

/** Asks one number after the other. */
async function ask(
  worker: MeasuredProcess<null>,
  numbers: readonly string[],
  question: (number: string) => Promise<unknown>,
): Promise<{ times: Times; cpu: number }> {
  const before = (await worker.usage()).cpu;
  const times: number[] = [];
  for (const number of numbers) {
    const begun = performance.now();
    await question(number);
    times.push(performance.now() - begun);
  }
  const cpu = ((await worker.usage()).cpu - before) / numbers.length;
  return { times: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }, cpu };
}

const numberOf = (index: number) => `1555${String(index + 1).padStart(7, '0')}`;
