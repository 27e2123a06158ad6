import type { Bench, BenchOptions, Finding } from '../core/bench';
import { devServer } from '../stack/server';
import { BenchStack } from '../stack/stack';
import { renewAll, type Renewals } from './renew';
import { report } from './report';
import { namespace, seed, type Size } from './seed';

/**
 * Renewals that ask for more calls than Meta's budget has, on two servers at the same time: one that lets calls go in
 * order, and one that lets portfolios take turns.
 */
export const burst: Bench = {
  description: 'thousands of renewals that are due in the same hour, under the budget of calls to Meta',
  async run({ short, progress }: BenchOptions): Promise<Finding> {
    const size: Size = short
      ? // A quick machine takes half a minute; a slow one has four before the first number lapses.
        {
          day: 6_000,
          due: { from: 2, until: 3 },
          portfolios: { '1000001': 30, '1000002': 6 },
          callsPerSecond: 5,
        }
      : {
          day: 18_000,
          due: { from: 0, until: 22.5 },
          portfolios: { '1000001': 4_750, '1000002': 250 },
          callsPerSecond: 18,
        };
    const ways = { 'in order': false, 'in turns': true };
    const bar = progress(3 * Object.keys(ways).length, 'burst');
    try {
      const renewals = await Promise.all(
        Object.entries(ways).map(async ([name, fair]): Promise<Renewals> => {
          const server = await devServer([namespace], { dynamicConfig: { 'matching.enableFairness': fair } });
          const stack = await BenchStack.start({ server, env: { POLICY_DAY: `${size.day}ms` } });
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
