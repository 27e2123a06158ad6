import { NumberPool } from '../../client';
import type { Client } from '@temporalio/client';
import { inFlight } from '../core/in-flight';
import type { BenchStack } from '../parts/stack';
import type { Size } from '.';

export const namespace = 'burst';

/** Verified numbers. */
export interface Seeded {
  client: Client;
  pool: NumberPool;
  /** The numbers of each portfolio. */
  numbers: Map<string, string[]>;
  /** When Meta says that they were verified, to the second. */
  verifiedAt: number;
}

/**
 * Has numbers added and verified, without a limit of calls. Meta's clock is held meanwhile: to it they are all verified
 * in the same second, however long that takes.
 */
export async function seed(stack: BenchStack, { day, portfolios }: Size): Promise<Seeded> {
  const { client } = await stack.namespace(namespace);
  const pool = new NumberPool(client, { by: 'bench' });
  const worker = await stack.worker(namespace);
  const verifiedAt = Date.now();
  const { customers } = stack;
  const hold = setInterval(() => void customers.sim.setClock(verifiedAt).catch(() => undefined), 500);
  // Renewals that begin while numbers are still added would hold those up.
  const checkInTime = () => {
    const late = Date.now() - (verifiedAt + 45 * day);
    if (late <= 0) return;
    throw new Error(
      `the machine is too slow for days of ${day} ms: the first renewals were due ${late} ms ago`,
    );
  };
  let last = 0;
  const numbers = new Map(
    Object.entries(portfolios).map(([portfolio, count]) => [
      portfolio,
      Array.from({ length: count }, () => `1555${String(++last).padStart(7, '0')}`),
    ]),
  );
  try {
    const all = [...numbers].flatMap(([portfolioId, of]) => of.map((number) => ({ number, portfolioId })));
    await inFlight(all, 30, async ({ number, portfolioId }) => {
      checkInTime();
      await pool.add(number, { portfolioId });
      await pool.submitCode(number, { code: await customers.message(number) });
    });
  } finally {
    clearInterval(hold);
  }
  await customers.sim.setClock(Date.now());
  await worker.stop();
  checkInTime();
  return { client, pool, numbers, verifiedAt };
}
