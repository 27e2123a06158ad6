import path from 'node:path';
import { Random } from '../../../simulator/random';
import { ChaosStack } from '../parts/stack';
import { cast, pick, shuffled } from './cast';
import { play } from './play';
import { rest } from './rest';
import type { Scenario } from './scenario';

/** Kills one part after the other, in an order and at moments that the seed knows; its supervisor starts it again. */
export const kills: Scenario = {
  title: 'kill -9 of worker, gateway and Temporal',
  async run(options) {
    const { cli, seed, short, folder, tell } = options;
    const log = path.join(folder, 'log');
    const random = new Random(seed, 'kills');
    const stack = await ChaosStack.start({ cli, seed, policyDay: 2_000, log });
    const victims = short ? [stack.temporal, stack.gateway] : null;
    try {
      return await play(
        stack,
        {
          cast: cast(short ? 20 : 500, random, short),
          atATime: short ? 20 : 50,
          post: { copies: 3, delay: short ? 500 : 2_000 },
          patience: short ? 100_000 : 400_000,
          async havoc(over) {
            for (let count = 0; count < (victims?.length ?? Infinity); count++) {
              const span = short ? 500 + random.next() * 1_500 : 2_000 + random.next() * 4_000;
              if (!(await rest(span, over))) return;
              const victim = victims?.[count] ?? pick(stack.parts, random);
              tell(`kill -9 ${victim.name}`);
              await victim.kill();
              await victim.start();
            }
          },
        },
        options,
      );
    } finally {
      await stack.close();
    }
  },
};

/** Stops each part for half a minute, as a machine that is moved or swaps does. */
export const halts: Scenario = {
  title: 'SIGSTOP of each for 30 seconds',
  async run(options) {
    const { cli, seed, folder, tell } = options;
    const log = path.join(folder, 'log');
    const random = new Random(seed, 'halts');
    const stack = await ChaosStack.start({ cli, seed, policyDay: 2_000, log });
    try {
      return await play(
        stack,
        {
          cast: cast(60, random, true),
          // So few that there are lives in all three halts.
          atATime: 6,
          post: { copies: 3, delay: 2_000 },
          patience: 300_000,
          async havoc(over) {
            for (const victim of shuffled(stack.parts, random)) {
              if (!(await rest(1_500, over))) return;
              tell(`SIGSTOP ${victim.name} for 30 seconds`);
              await victim.halt?.(30_000);
            }
          },
        },
        options,
      );
    } finally {
      await stack.close();
    }
  },
};
