import { clusterLacks } from '../../../stack/set-up/servers';
import { Random } from '../../../simulator/random';
import { startClusterParts } from '../processes/cluster';
import { cast, pick } from './cast';
import { playOn } from './play';
import { rest } from './rest';
import type { Scenario } from './scenario';

/** Cuts the power of PostgreSQL, of Temporal on it, and of worker and gateway. */
export const onPostgres: Scenario = {
  title: 'Temporal on PostgreSQL: each cut off',
  lacks: clusterLacks,
  async run(options) {
    const { seed, short, report } = options;
    const random = new Random(seed, 'postgres');
    const { address, temporal, postgres } = await startClusterParts();
    return playOn(
      { policyDay: 2_000, temporal: { address, part: temporal, others: [postgres] } },
      options,
      (stack) => {
        return {
          cast: cast(short ? 20 : 150, random, true),
          atATime: 30,
          delivery: { copies: 3, delay: 2_000 },
          longestLife: 300_000,
          havoc: async (over) => {
            // PostgreSQL first, that it is cut off at least once.
            for (let target = postgres; ; target = pick(stack.targets, random)) {
              if (!(await rest(3_000 + random.next() * 5_000, over))) return;
              report(`kill ${target.name}`);
              await target.kill();
              await target.start();
            }
          },
        };
      },
    );
  },
};
