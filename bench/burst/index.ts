import type { Bench, BenchOptions, Finding } from '../core/bench';
import { devServer } from '../parts/server';
import { BenchStack } from '../parts/stack';
import { seed } from './seed';
import { renewAll } from './renew';
import { report, type Renewals } from './report';

export interface Size {
  /** Length of a policy day: all fall due within 22.5 of them, and lapse after 45. */
  day: number;
  /** How many numbers each portfolio has. */
  portfolios: Readonly<Record<string, number>>;
  /** Meta's budget, for all workers together. */
  callsPerSecond: number;
}

/**
 * Renewals that ask for more calls than Meta's budget has, on two servers at the same time: one that lets calls go in
 * order, and one that lets portfolios take turns.
 */
export const burst: Bench = {
  description: 'thousands of renewals that are due in the same hour, under the budget of calls to Meta',
  async run({ short, cli, progress }: BenchOptions): Promise<Finding> {
    const size: Size = short
      ? { day: 600, portfolios: { '1000001': 30, '1000002': 6 }, callsPerSecond: 5 }
      : { day: 18_000, portfolios: { '1000001': 4_750, '1000002': 250 }, callsPerSecond: 18 };
    const ways = { 'in order': false, 'in turns': true };
    const bar = progress(2 * 2 * Object.keys(ways).length, 'burst');
    try {
      const renewals = await Promise.all(
        Object.entries(ways).map(async ([name, fair]): Promise<Renewals> => {
          const server = await devServer({ cli, dynamicConfig: { 'matching.enableFairness': fair } });
          const stack = await BenchStack.start({ cli, server, env: { POLICY_DAY: `${size.day}ms` } });
          try {
            const seeded = await seed(stack, size);
            bar.step(`${name}: all verified`);
            return await renewAll(name, stack, size, seeded, (what) => bar.step(`${name}: ${what}`));
          } finally {
            await stack.stop();
          }
        }),
      );
      return report(size, renewals);
    } finally {
      bar.stop();
    }
  },
};
