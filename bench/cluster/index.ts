import type { Bench, BenchOptions, Finding } from '../core/bench';
import { compareLives, stepsOf, ways } from '../lifecycle';
import { BenchStack } from '../stack/stack';
import { cluster as clusterServer } from '../stack/server';
import { killOneOfTwo, twoWorkers } from './kill-one';

const namespaces = [...ways.map(({ namespace }) => namespace), twoWorkers];

/** The same lives on what a user scales on, and what the loss of a worker costs. */
export const cluster: Bench = {
  description: 'the same on a Temporal server with PostgreSQL; and one of two workers is killed',
  async run({ short, progress }: BenchOptions): Promise<Finding> {
    const size = short ? { rounds: 1, lives: 10, inFlight: 10 } : { rounds: 5, lives: 200, inFlight: 30 };
    const loss = short ? { lives: 20, inFlight: 10 } : { lives: 1000, inFlight: 30 };
    const stack = await BenchStack.start({ server: await clusterServer(namespaces) });
    const bar = progress(stepsOf(size) + 1, 'cluster');
    try {
      const compared = await compareLives(stack, size, (what) => bar.step(what));
      const survived = await killOneOfTwo(stack, loss);
      bar.step('one of two workers killed');
      return {
        tables: [...compared.tables, ...survived.tables],
        figures: { ...compared.figures, killed: survived.figures },
      };
    } finally {
      bar.stop();
      await stack.stop();
    }
  },
};
