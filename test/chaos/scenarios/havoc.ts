import { Random } from '../../../simulator/random';
import { cast, pick, shuffled } from './cast';
import { playOn } from './play';
import { rest } from './rest';
import type { Scenario } from './scenario';

/** Kills one process after the other, in an order and at moments that the seed knows; its supervisor starts it again. */
export const kills: Scenario = {
  title: 'kill -9 of worker, gateway and Temporal',
  async run(options) {
    const { seed, short, report } = options;
    const random = new Random(seed, 'kills');
    return playOn({ policyDay: 2_000 }, options, (stack) => {
      const targets = short ? [stack.temporal, stack.gateway] : null;
      return {
        cast: cast(short ? 20 : 500, random, short),
        atATime: short ? 20 : 50,
        delivery: { copies: 3, delay: short ? 500 : 2_000 },
        longestLife: 400_000,
        async havoc(over) {
          for (let count = 0; count < (targets?.length ?? Infinity); count++) {
            const span = short ? 500 + random.next() * 1_500 : 2_000 + random.next() * 4_000;
            if (!(await rest(span, over))) return;
            const target = targets?.[count] ?? pick(stack.targets, random);
            report(`kill -9 ${target.name}`);
            await target.kill();
            await target.start();
          }
        },
      };
    });
  },
};

/** Stops each process for half a minute, as a machine that is moved or swaps does. */
export const pauses: Scenario = {
  title: 'SIGSTOP of each for 30 seconds',
  async run(options) {
    const { seed, report } = options;
    const random = new Random(seed, 'pauses');
    return playOn({ policyDay: 2_000 }, options, (stack) => {
      return {
        cast: cast(60, random, true),
        // So few that there are lives in all three pauses.
        atATime: 6,
        delivery: { copies: 3, delay: 2_000 },
        longestLife: 300_000,
        async havoc(over) {
          for (const target of shuffled(stack.targets, random)) {
            if (!(await rest(1_500, over))) return;
            report(`SIGSTOP ${target.name} for 30 seconds`);
            await target.pause?.(30_000);
          }
        },
      };
    });
  },
};
