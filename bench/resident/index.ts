import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bench, BenchOptions, Finding } from '../core/bench';
import { BenchStack } from '../stack/stack';
import { clusterLacks } from '../../stack/set-up/servers';
import { cluster, devServer } from '../stack/server';
import { compareAdding } from './adding';
import { grow, type Grown } from './grow';
import { report } from './report';

const namespaces = { adding: 'adding', resident: 'resident' };

/** Numbers that are asleep most of their lives: what they take, and what it costs to wake one. */
export const resident: Bench = {
  description: 'thousands of numbers asleep: what they take, what adding and waking them costs',
  async run({ short, progress }: BenchOptions): Promise<Finding> {
    const size = short
      ? { rounds: 2, starts: 50, steps: [30, 60], asked: 10 }
      : { rounds: 5, starts: 1000, steps: [1_000, 10_000, 50_000], asked: 100 };
    // A step that would take longer is left out, and the report says so.
    const longestStep = 45 * 60_000;
    const folder = await mkdtemp(path.join(tmpdir(), 'preverified-resident-'));
    const server = await (short || clusterLacks()
      ? devServer(Object.values(namespaces), { file: path.join(folder, 'temporal.db') })
      : cluster(Object.values(namespaces)));
    const stack = await BenchStack.start({ server });
    const bar = progress(2 * (size.rounds + 1) + 11 * size.steps.length, 'resident');
    const onStep = (what: string) => {
      bar.step(what);
    };
    try {
      const adding = await compareAdding(stack, namespaces.adding, size, onStep);
      const grown: Grown[] = [];
      for (const total of size.steps) {
        const last = grown.at(-1);
        const expected = last ? ((total - last.total) / last.perSecond) * 1000 : 0;
        if (expected > longestStep) {
          onStep(`${total} left out: adding them would take ${Math.round(expected / 60_000)} minutes`);
          break;
        }
        grown.push(
          await grow(
            stack,
            namespaces.resident,
            { from: last?.total ?? 0, total, asked: size.asked },
            onStep,
          ),
        );
      }
      return report(server.name, size, adding, grown);
    } finally {
      bar.stop();
      await stack.stop();
      await rm(folder, { recursive: true });
    }
  },
};
