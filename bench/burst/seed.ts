import type { NumberPool } from '../../client';
import type { Client } from '@temporalio/client';
import { renewsAt } from '../../workflows/number/deadlines';
import { newContext } from '../../workflows/number/context';
import { inFlight } from '../core/in-flight';
import { poolOf, type BenchStack } from '../stack/stack';

/** How much is to be renewed, and within what time. */
export interface Size {
  /** Length of a policy day in milliseconds: a number that is not renewed lapses 45 days after it could be. */
  day: number;
  /**
   * Days after the opening of the window between which all fall due. Each number has a moment of its own in the first
   * 22.5; one that wakes after its moment, on a busy machine, waits for a quarter of the time that it has left.
   */
  due: { from: number; until: number };
  /** How many numbers each portfolio has. */
  portfolios: Readonly<Record<string, number>>;
  /** Meta's budget, for all workers together. */
  callsPerSecond: number;
}

export const namespace = 'burst';

/** Verified numbers. */
export interface Seeded {
  client: Client;
  pool: NumberPool;
  /** The numbers of each portfolio. */
  numbers: Map<string, string[]>;
  /** When they can first be renewed; epoch milliseconds. */
  renewableFrom: number;
}

/**
 * Has numbers added and verified, without a limit of calls. To Meta they are all verified in the same second, however
 * long that takes: its clock is held meanwhile, at the moment that opens their window for renewal a little later. How
 * much later goes by how fast this machine has just been.
 */
export async function seed(stack: BenchStack, size: Size): Promise<Seeded> {
  const { client } = await stack.namespace(namespace);
  const { sim } = stack.customers;
  const pool = poolOf(client);
  const worker = await stack.worker(namespace);
  const numbers = numbersOf(size);
  const all = [...numbers].flatMap(([portfolioId, of]) => of.map((number) => ({ number, portfolioId })));

  const codes = new Map<string, string>();
  const took = await inFlight(all, 30, async ({ number, portfolioId }) => {
    await pool.add(number, { portfolioId });
    codes.set(number, await stack.customers.code(number, pool));
  });
  // Adding makes two calls to Meta for each number, as verifying does; the machine may grow busier meanwhile.
  const renewableFrom = Date.now() + 3 * took + 2_000;
  const verifiedAt = renewableFrom - 45 * size.day;
  await sim.setClock(verifiedAt);
  const hold = setInterval(() => void sim.setClock(verifiedAt).catch(() => undefined), 500);
  try {
    await inFlight(codes, 30, ([number, code]) => pool.submitCode(number, { code }));
  } finally {
    clearInterval(hold);
  }
  await sim.setClock(Date.now());
  await worker.stop();
  const late = Date.now() - (renewableFrom + size.due.from * size.day);
  if (late > 0) throw new Error(`the first renewal was due ${late} ms before all numbers were verified`);
  return { client, pool, numbers, renewableFrom };
}

function numbersOf({ portfolios, due }: Size): Map<string, string[]> {
  let index = 0;
  const next = (): string => {
    for (;;) {
      const number = `1555${String(++index).padStart(7, '0')}`;
      const days = daysUntilDue(number);
      if (days >= due.from && days <= due.until) return number;
    }
  };
  return new Map(
    Object.entries(portfolios).map(([portfolio, count]) => [portfolio, Array.from({ length: count }, next)]),
  );
}

/** The moment at which a number asks, in days after the opening of its window. */
function daysUntilDue(phoneNumber: string): number {
  const { policy, automation, ...context } = newContext(undefined);
  const due = renewsAt(
    {
      ...{ ...context, phoneNumber, verificationExpiresAt: 45_000 },
      policy: { ...policy, reverifyWindow: 45_000 },
      automation: { ...automation, reverify: true },
    },
    -1,
  );
  return (due ?? NaN) / 1000;
}
