import type { Connected } from '../../temporal/connect';
import type { Bench, BenchOptions, Finding } from '../core/bench';
import { pairedRounds, type Contestant } from '../core/rounds';
import type { MeasuredProcess } from '../stack/measured-process';
import { devServer } from '../stack/server';
import { BenchStack } from '../stack/stack';
import { usualFootprint, type Footprint } from './footprint';
import { handWritten, handWrittenListed, preverified, signalled, type Way } from './lives';
import { counts, report } from './report';
import { round, type Sample, type Size } from './round';
import { runLife } from './run-life';

/** A whole life, from added to registered, against the workflow that one would write by hand. */
export const lifecycle: Bench = {
  description: 'whole lives of numbers, against a hand-written workflow',
  async run({ short, progress }: BenchOptions): Promise<Finding> {
    const size = short ? { rounds: 2, lives: 20, inFlight: 10 } : { rounds: 14, lives: 90, inFlight: 30 };
    const namespaces = ways.map(({ namespace }) => namespace);
    const stack = await BenchStack.start({ server: await devServer(namespaces) });
    const bar = progress(stepsOf(size), 'lifecycle');
    try {
      return await compareLives(stack, size, (what) => bar.step(what));
    } finally {
      bar.stop();
      await stack.stop();
    }
  },
};

export const ways = [preverified, signalled, handWrittenListed, handWritten];

/** How many steps {@link compareLives} has. */
export const stepsOf = ({ rounds }: Size) => (rounds + 1) * ways.length;

export async function compareLives(
  stack: BenchStack,
  size: Size,
  onStep: (what: string) => void,
): Promise<Finding> {
  const contestants = [];
  for (const way of ways) contestants.push(await contestant(stack, way, size));
  const samples = await pairedRounds(contestants, size.rounds, onStep);
  const footprints = new Map<string, Footprint>();
  for (const { name, footprint } of contestants) footprints.set(name, await footprint());
  return report(size, samples, counts, footprints);
}

/** A way on Temporal as one of those that are compared, with a worker of its own. */
export async function contestant(
  stack: BenchStack,
  way: Way,
  size: Size,
): Promise<Contestant<Sample> & { footprint: () => Promise<Footprint> }> {
  const { client }: Connected = await stack.namespace(way.namespace);
  const worker: MeasuredProcess<null> = await stack.worker(way.namespace, way.workflowsPath);
  const cpu = async () => ({ ...(await stack.cpu()), worker: (await worker.usage()).cpu });
  const numbers: string[] = [];
  return {
    name: way.name,
    round: () =>
      round(size, cpu, (number) => {
        numbers.push(number);
        return runLife(way, client, stack.customers, number);
      }),
    footprint: () => usualFootprint(client, stack.customers, way, numbers.slice(-15)),
  };
}
