import type { Command } from 'commander';
import type { Settings } from '../settings';
import { note, print } from './print';
import { simulatorOf, untilStopped } from './run';

export function registerDev(program: Command): void {
  program
    .command('dev')
    .description(
      'simulator, worker, gateway and codec together, against the Temporal server of TEMPORAL_ADDRESS',
    )
    .action(dev);
}

async function dev(): Promise<void> {
  const [{ needs, readSettings }, { environment }, { createLogger }] = await Promise.all([
    import('../settings'),
    import('../settings/environment'),
    import('../settings/logger'),
  ]);
  const [{ startWorker }, { installRuntime }, { startCodecServer }, { openGateway }] = await Promise.all([
    import('../worker'),
    import('../worker/runtime'),
    import('../temporal/codec-server'),
    import('../gateway/main'),
  ]);
  const env = environment();
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const simulator = await simulatorOf(readSettings([...needs.simulator, 'worker'], env));
    stops.push(() => simulator.close());
    const settings = readSettings([...needs.worker, 'codec'], {
      GRAPH_ACCESS_TOKEN: 'simulator',
      ...env,
      GRAPH_API_URL: simulator.url,
    });
    await createSearchAttributes(settings);
    const runtime = installRuntime(settings, createLogger(settings));
    const worker = await startWorker(settings).catch(async (error: unknown) => {
      // It shuts down by itself after a worker, but keeps a process without one.
      await runtime.shutdown();
      throw error;
    });
    stops.push(() => worker.shutdown());
    const codec = settings.payloads.keys.length > 0 ? await startCodecServer(settings) : null;
    if (codec) stops.push(() => codec.close());
    else note('PAYLOAD_KEYS is empty: payloads are in clear, and no codec is needed');
    // The gateway needs no secret to start: a way in that has none stays closed, which it says.
    const gateway = await openGateway({ ...env, GRAPH_API_URL: simulator.url });
    stops.push(() => gateway.close());
    const parts = [
      `worker on ${settings.temporal.address}`,
      `simulator on ${simulator.url}`,
      `gateway on ${gateway.url}`,
      ...(codec ? [`codec on ${codec.url}`] : []),
    ];
    const stopped = untilStopped();
    print(`preverified dev ready: ${parts.join(', ')}`);
    await Promise.race([stopped, worker.stopped]);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** A development server begins without them. */
async function createSearchAttributes(settings: Settings<'temporal' | 'payloads'>): Promise<void> {
  const [{ connect }, { createSearchAttributes: create }] = await Promise.all([
    import('../temporal/connect'),
    import('../temporal/namespace'),
  ]);
  const connected = await connect(settings);
  try {
    await create(connected.connection, settings.temporal.namespace);
  } finally {
    await connected.close();
  }
}
