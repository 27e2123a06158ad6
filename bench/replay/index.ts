import { createLogger } from '../../settings/logger';
import { needs, readSettings } from '../../settings';
import { installRuntime } from '../../worker/runtime';
import type { Bench, BenchOptions, Finding } from '../core/bench';
import { pairedRounds, ratio } from '../core/rounds';
import { spread } from '../core/statistics';
import { withSpread } from '../core/figures';
import { handWritten, preverified } from '../lifecycle/lives';
import { devServer } from '../stack/server';
import { BenchStack } from '../stack/stack';
import { recordLife, recordLong, type Recorded } from './record';
import { replay, type Sample } from './replay';

/** What a worker does that has lost its memory of a number: it replays the number's history, encrypted as in production. */
export const replaying: Bench = {
  description: 'histories replayed a second: of whole lives, of a hand-written workflow, and long ones',
  async run({ short, progress }: BenchOptions): Promise<Finding> {
    const size = short
      ? { rounds: 2, times: 20, long: 2, reservations: 30 }
      : { rounds: 7, times: 300, long: 10, reservations: 500 };
    const { recorded, settings } = await record(size.reservations);
    installRuntime(settings, createLogger(settings));
    const { keys } = settings.payloads;
    const contestants = recorded.map(({ name, history, workflowsPath, isLong }) => ({
      name,
      round: () => replay(history, isLong ? size.long : size.times, { keys, workflowsPath }),
    }));
    const bar = progress((size.rounds + 1) * contestants.length, 'replay');
    const samples = await pairedRounds(contestants, size.rounds, (what) => bar.step(what));
    bar.stop();
    return report(size.rounds, samples, recorded);
  },
};

interface Contestant {
  name: string;
  history: Recorded;
  workflowsPath: string | undefined;
  isLong: boolean;
}

async function record(reservations: number) {
  const namespaces = [preverified, handWritten].map(({ namespace }) => namespace);
  const stack = await BenchStack.start({ server: await devServer(namespaces) });
  try {
    // Numbers of one Meta: none can live twice.
    const numbers = {
      [preverified.name]: '15550000001',
      [handWritten.name]: '15550000002',
      long: '15550000003',
    };
    const recorded: Contestant[] = [];
    for (const way of [preverified, handWritten]) {
      const { name, namespace, workflowsPath } = way;
      const { client } = await stack.namespace(namespace);
      await stack.worker(namespace, workflowsPath);
      const life = await recordLife(client, stack.customers, way, numbers[name] ?? '');
      recorded.push({ name, history: life, workflowsPath, isLong: false });
      if (way !== preverified) continue;
      const long = await recordLong(client, stack.customers, way, {
        number: numbers.long,
        reservations,
      });
      recorded.push({ name: 'preverified, long', history: long, workflowsPath, isLong: true });
    }
    return { recorded, settings: readSettings(needs.worker, stack.env(preverified.namespace)) };
  } finally {
    await stack.stop();
  }
}

function report(rounds: number, samples: Map<string, Sample[]>, recorded: Contestant[]): Finding {
  const of = (name: string, measure: keyof Sample) =>
    (samples.get(name) ?? []).map((sample) => sample[measure]);
  const lengths = Object.fromEntries(
    recorded.map(({ name, history }) => [name, history.history.events?.length ?? 0]),
  );
  const ratios = { cpu: ratio(of(preverified.name, 'cpu'), of(handWritten.name, 'cpu')) };
  return {
    tables: [
      {
        title: `Replay (medians and quartiles of ${rounds} rounds)`,
        head: ['', 'events', 'histories a second', 'events a second', 'CPU for a history, ms'],
        rows: recorded.map(({ name }) => [
          name,
          String(lengths[name]),
          ...(['historiesPerSecond', 'eventsPerSecond', 'cpu'] as const).map((measure) =>
            withSpread(spread(of(name, measure))),
          ),
        ]),
      },
      {
        title: 'Ratio of paired rounds',
        head: ['', 'preverified / hand-written'],
        rows: [['CPU for a whole life', withSpread(ratios.cpu)]],
      },
    ],
    figures: { lengths, samples: Object.fromEntries(samples), ratios },
  };
}
