import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bench, BenchOptions, Finding } from '../core/bench';
import { pairedRounds, type Contestant } from '../core/rounds';
import { getRestate } from '../../stack/set-up/restate';
import { contestant } from '../lifecycle';
import type { Footprint } from '../lifecycle/footprint';
import { preverified } from '../lifecycle/lives';
import { counts as temporalCounts, report } from '../lifecycle/report';
import { round, type Sample, type Size } from '../lifecycle/round';
import { MeasuredProcess } from '../stack/measured-process';
import { devServer } from '../stack/server';
import { BenchStack } from '../stack/stack';
import { restateFootprint, type RestateFootprint } from './footprint';
import { liveOnRestate } from './life';
import { caveats } from './caveats';
import { home, startRestate, type RestateServer } from './server';

/** @restatedev/xstate encrypts nothing: then ours does not either. */
const env = { PAYLOAD_KEYS: '' };

/** The same chart on another durable engine. */
export const restate: Bench = {
  description: 'whole lives of numbers, against the same chart on Restate by @restatedev/xstate',
  async run({ short, progress }: BenchOptions): Promise<Finding> {
    const size = short ? { rounds: 2, lives: 20, inFlight: 10 } : { rounds: 7, lives: 200, inFlight: 30 };
    await getRestate();
    const folder = await mkdtemp(path.join(tmpdir(), 'preverified-restate-'));
    const stops = [() => rm(folder, { recursive: true })];
    const bar = progress(2 * (size.rounds + 1), 'restate');
    try {
      const server = await startRestate(folder);
      stops.push(() => server.stop());
      const stack = await BenchStack.start({ server: await devServer([preverified.namespace]), env });
      stops.push(() => stack.stop());
      return await compare(stack, server, size, (what) => bar.step(what));
    } finally {
      bar.stop();
      for (const stop of stops.reverse()) await stop();
    }
  },
};

async function compare(
  stack: BenchStack,
  server: RestateServer,
  size: Size,
  onStep: (what: string) => void,
): Promise<Finding> {
  const service = await MeasuredProcess.start<{ url: string }>(
    path.join(home, 'dist/bench/restate/contestant/service.js'),
    {
      ...stack.env('restate'),
      RESTATE_LOGGING: 'ERROR',
    },
  );
  try {
    await server.register(service.ready.url);
    const ours = await contestant(stack, preverified, size);
    const theirs = onRestate(stack, server, service, size);
    const samples = await pairedRounds([ours, theirs], size.rounds, onStep);
    const footprints = new Map<string, Partial<Footprint & RestateFootprint>>([
      [ours.name, await ours.footprint()],
      [theirs.name, await theirs.footprint()],
    ]);
    return { ...report(size, samples, counts, footprints), caveats };
  } finally {
    await service.stop();
  }
}

function onRestate(
  stack: BenchStack,
  server: RestateServer,
  service: MeasuredProcess<unknown>,
  size: Size,
): Contestant<Sample> & { footprint: () => Promise<RestateFootprint> } {
  const cpu = async () => ({
    ...(await stack.cpu()),
    server: await server.cpu(),
    worker: (await service.usage()).cpu,
  });
  let last = '';
  return {
    name: 'restate',
    round: () =>
      round(size, cpu, (number) => {
        last = number;
        return liveOnRestate(server.ingress, stack.customers, number);
      }),
    footprint: () => restateFootprint(server, stack.customers, last),
  };
}

const { events, workflowTasks, historyBytes, graphCalls } = temporalCounts;
const counts = {
  ...{ events, workflowTasks, historyBytes },
  ...{ invocations: 'invocations', journalEntries: 'journal entries', stateBytes: 'state, bytes' },
  timersLeft: 'timers left',
  graphCalls,
};
