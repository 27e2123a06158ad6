import type { Connected } from '../../client/connection/connect';
import type { Bench, BenchOptions, Finding } from '../core/bench';
import { inFlight } from '../core/in-flight';
import { pairedRounds, type Contestant } from '../core/rounds';
import type { Part } from '../parts/part';
import { BenchStack } from '../parts/stack';
import { footprintOf, type Footprint } from './footprint';
import { handWritten, preverified, type Way } from './lives';
import { report } from './report';

/** What a round of lives cost, for one life each; milliseconds of CPU. */
export interface Sample {
  perSecond: number;
  workerCpu: number;
  serverCpu: number;
  simulatorCpu: number;
  driverCpu: number;
}

/** A whole life, from added to registered, against the workflow that one would write by hand. */
export const lifecycle: Bench = {
  description: 'whole lives of numbers, against a hand-written workflow',
  async run({ short, cli, progress }: BenchOptions): Promise<Finding> {
    const size = short ? { rounds: 2, lives: 20, inFlight: 10 } : { rounds: 7, lives: 300, inFlight: 30 };
    const stack = await BenchStack.start({ cli });
    const bar = progress(stepsOf(size), 'lifecycle');
    try {
      return await compareLives(stack, size, (what) => bar.step(what));
    } finally {
      bar.stop();
      await stack.stop();
    }
  },
};

export interface Size {
  rounds: number;
  lives: number;
  inFlight: number;
}

export const ways = [preverified, handWritten];

/** How many steps {@link compareLives} tells. */
export const stepsOf = ({ rounds }: Size) => (rounds + 1) * ways.length;

export async function compareLives(
  stack: BenchStack,
  size: Size,
  told: (what: string) => void,
): Promise<Finding> {
  const contestants = [];
  for (const way of ways) contestants.push(await contestant(stack, way, size));
  const samples = await pairedRounds(contestants, size.rounds, told);
  const footprints = new Map<string, Footprint>();
  for (const { name, footprint } of contestants) footprints.set(name, await footprint());
  return report(size, samples, footprints);
}

async function contestant(
  stack: BenchStack,
  way: Way,
  { lives, inFlight: most }: Size,
): Promise<Contestant<Sample> & { footprint: () => Promise<Footprint> }> {
  const { client }: Connected = await stack.namespace(way.namespace);
  const worker: Part<null> = await stack.worker(way.namespace, way.workflowsPath);
  const cpu = async () => ({ ...(await stack.cpu()), worker: (await worker.usage()).cpu });
  let last = '';
  return {
    name: way.name,
    async round() {
      const before = await cpu();
      const numbers = Array.from({ length: lives }, nextNumber);
      const took = await inFlight(numbers, most, (number) =>
        client.withDeadline(Date.now() + patience, () => way.live(client, stack.customers, number)),
      );
      const after = await cpu();
      last = numbers.at(-1) ?? '';
      return {
        perSecond: (lives / took) * 1000,
        workerCpu: (after.worker - before.worker) / lives,
        serverCpu: (after.server - before.server) / lives,
        simulatorCpu: (after.simulator - before.simulator) / lives,
        driverCpu: (after.driver - before.driver) / lives,
      };
    },
    footprint: () => footprintOf(client, stack.customers, { workflowId: way.workflowId(last), number: last }),
  };
}

/** A life that takes longer than this is stuck; milliseconds. */
const patience = 120_000;

let numbers = 0;
/** `15550000001` and so on: no number lives twice. */
export const nextNumber = () => `1555${String(++numbers).padStart(7, '0')}`;
