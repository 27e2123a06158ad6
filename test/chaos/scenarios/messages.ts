import { Random } from '../../../simulator/random';
import { cast } from './cast';
import { playOn } from './play';
import type { Scenario } from './scenario';

const DAY = 24 * 60 * 60 * 1000;
const quiet = () => Promise.resolve();

/** Nothing dies, but what is sent comes several times, late, and in any order. */
export const messages: Scenario = {
  title: 'messages repeated, late and in any order',
  async run(options) {
    const { seed, short } = options;
    return playOn({ policyDay: 2_000 }, options, () => {
      const names = cast(short ? 20 : 100, new Random(seed, 'messages'), true);
      // A code that is later than the service waits for it is overtaken by the next one.
      const delivery = { copies: 5, delay: 12_000 };
      return { cast: names, atATime: 50, delivery, longestLife: 240_000, havoc: quiet };
    });
  },
};

/** Meta's clock goes two days before ours, or two days behind. */
export const clocks = (days: 2 | -2): Scenario => ({
  title: `Meta's clock two days ${days > 0 ? 'fast' : 'slow'}`,
  async run(options) {
    const { seed } = options;
    return playOn({ policyDay: DAY }, options, async (stack) => {
      await stack.sim.advanceClock(days * DAY);
      const names = cast(20, new Random(seed, 'clocks'), true).filter((name) => name !== 'left alone');
      const delivery = { copies: 3, delay: 1_000 };
      return { cast: names, atATime: 20, delivery, longestLife: 240_000, havoc: quiet };
    });
  },
});
