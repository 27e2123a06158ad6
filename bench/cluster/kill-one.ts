import { inFlight } from '../core/in-flight';
import { quantile } from '../core/statistics';
import { figure } from '../core/figures';
import type { Finding } from '../core/bench';
import { nextNumber } from '../lifecycle/round';
import { preverified } from '../lifecycle/lives';
import { runLife } from '../lifecycle/run-life';
import type { BenchStack } from '../stack/stack';

/** What a life went through: milliseconds from the beginning of all. */
interface Life {
  begun: number;
  ended: number;
}

/** The namespace that both work in. */
export const twoWorkers = 'two-workers';

/** Has lives run on two workers, and kills one of them, as a power cut would, when half of them have ended. */
export async function killOneOfTwo(
  stack: BenchStack,
  { lives, inFlight: most }: { lives: number; inFlight: number },
): Promise<Finding> {
  const { client } = await stack.namespace(twoWorkers);
  const workers = [await stack.worker(twoWorkers), await stack.worker(twoWorkers)];
  const numbers = Array.from({ length: lives }, nextNumber);
  const { customers } = stack;
  const askedBefore = customers.askedAgain;
  const ended: Life[] = [];
  let killedAt = NaN;
  const begunAt = performance.now();
  const now = () => performance.now() - begunAt;
  await inFlight(numbers, most, async (number) => {
    const begun = now();
    // Fails unless it ends registered.
    await runLife(preverified, client, customers, number);
    ended.push({ begun, ended: now() });
    if (ended.length !== Math.floor(lives / 2)) return;
    killedAt = now();
    await workers[0]?.kill();
  });
  const took = now();
  const askedAgain = customers.askedAgain - askedBefore;
  const registrations = await Promise.all(
    numbers.map(async (number) => {
      const calls = await customers.sim.calls({ call: 'register', number });
      return calls.filter(({ status }) => status === 200).length;
    }),
  );

  const span = { 'two workers': [0, killedAt], 'one is killed': [killedAt, took] } as const;
  const spans = Object.entries(span).map(([name, [from, to]]) => {
    const within = ended.filter(({ ended: at }) => at > from && at <= to);
    const times = within.map(({ begun, ended: at }) => at - begun);
    return {
      name,
      lives: within.length,
      perSecond: (within.length / (to - from)) * 1000,
      median: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      longest: Math.max(...times),
    };
  });
  const figures = {
    lives,
    inFlight: most,
    registered: ended.length,
    askedAgain,
    registeredTwice: registrations.filter((count) => count !== 1).length,
    spans,
  };
  return {
    tables: [
      {
        title: `One of two workers is killed: of ${lives} lives ${figures.registered} registered, ${figures.registeredTwice} of them otherwise than once; ${askedAgain} codes were asked for again (${most} at a time)`,
        head: ['', 'lives', 'a second', 'median, ms', 'p99, ms', 'longest, ms'],
        rows: spans.map(({ name, ...values }) => [name, ...Object.values(values).map(figure)]),
      },
    ],
    figures,
  };
}
