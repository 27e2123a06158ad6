import { NumberPool } from '../../client';
import { inFlight } from '../core/in-flight';
import { quantile } from '../core/statistics';
import { figure } from '../core/words';
import type { Finding } from '../core/bench';
import { nextNumber } from '../lifecycle/round';
import { preverified } from '../lifecycle/lives';
import { portfolioId, type BenchStack } from '../parts/stack';

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
  const pool = new NumberPool(client, { portfolioId, by: 'bench' });
  const ended: Life[] = [];
  let askedAgain = 0;
  let killedAt = NaN;
  const begunAt = performance.now();
  const now = () => performance.now() - begunAt;
  await inFlight(numbers, most, async (number) => {
    const begun = now();
    const stuck = setInterval(() => {
      void askAgain(pool, number).then((asked) => (askedAgain += Number(asked)));
    }, patience);
    // Fails unless it ends registered.
    await preverified.live(client, stack.customers, number).finally(() => {
      clearInterval(stuck);
    });
    ended.push({ begun, ended: now() });
    if (ended.length !== Math.floor(lives / 2)) return;
    killedAt = now();
    await workers[0]?.kill();
  });
  const took = now();
  const registrations = await Promise.all(
    numbers.map(async (number) => {
      const calls = await stack.customers.sim.calls({ call: 'register', number });
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

/** How long a customer waits for a code before somebody asks for another, in milliseconds. */
const patience = 25_000;

/**
 * A request for a code that dies with its worker is not made again by itself, for a second code would make the first one
 * void: the number waits for as long as a code lives, unless somebody asks.
 */
async function askAgain(pool: NumberPool, number: string): Promise<boolean> {
  const { state, phase } = await pool.get(number);
  if (state !== 'CodeRequested' || phase !== 'waiting') return false;
  await pool.signal.requestCode(number, {});
  return true;
}
