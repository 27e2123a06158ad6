import type { Command } from 'commander';
import type { Simulator } from '../simulator';
import type { Settings } from '../settings';
import { print } from './print';

/** Commands that run until they are stopped: each says in one line that it is ready. */
export function registerRun(program: Command): void {
  program
    .command('worker')
    .description('do the work of the numbers, until SIGINT or SIGTERM')
    .action(async () => {
      const { runWorker } = await import('../worker/main');
      await runWorker();
    });
  program
    .command('simulator')
    .description("Meta's API and a phone network on this machine, on SIMULATOR_PORT")
    .action(async () => {
      const { needs, readSettings } = await import('../settings');
      const simulator = await simulatorOf(readSettings([...needs.simulator, 'worker']));
      const stopped = untilStopped();
      print(
        `preverified simulator ready: Graph API on ${simulator.url}, control under ${simulator.url}/_sim/`,
      );
      await stopped;
      await simulator.close();
    });
  program
    .command('codec')
    .description('show and send encrypted payloads in the Temporal UI, on CODEC_PORT')
    .action(async () => {
      const [{ startCodecServer }, { needs, readSettings }] = await Promise.all([
        import('../temporal/codec-server'),
        import('../settings'),
      ]);
      const codec = await startCodecServer(readSettings(needs.codec));
      const stopped = untilStopped();
      print(`preverified codec ready: ${codec.url} is the codec endpoint for the Temporal UI`);
      await stopped;
      await codec.close();
    });
}

export async function simulatorOf({
  simulator,
  worker,
}: Settings<'simulator' | 'worker'>): Promise<Simulator> {
  const { port } = simulator;
  const { startSimulator } = await import('../simulator');
  try {
    return await startSimulator({ port, day: worker.policyDay });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `The simulator cannot listen on port ${String(port)}, which is in use: set SIMULATOR_PORT to another one`,
      { cause: error },
    );
  }
}

/** Ctrl-C and a service manager's word. Called before a command says that it is ready: the word may come at once. */
export async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
}
