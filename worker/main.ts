import { createLogger } from '../settings/logger';
import { StartError } from '../settings/start-error';
import { needs, readSettings } from '../settings';
import { GRAPH_TASK_QUEUE, NUMBERS_TASK_QUEUE } from '../contract/task-queues';
import { startWorker } from '.';
import { installRuntime } from './runtime';

/**
 * `preverified worker`: reads the environment, says on standard output when it is ready, and works until SIGINT or
 * SIGTERM, on which the calls under way may end.
 *
 * @throws {StartError} if it cannot start
 */
export async function runWorker(): Promise<void> {
  const settings = readSettings(needs.worker);
  const logger = createLogger(settings);
  const [key] = settings.payloads.keys;
  if (key === undefined) {
    logger.warn(
      'PAYLOAD_KEYS IS EMPTY: codes, PINs and all else are written to Temporal IN CLEAR. Set it in production.',
    );
  }
  const runtime = installRuntime(settings, logger);
  const worker = await startWorker(settings).catch(async (error: unknown) => {
    // It shuts down by itself after a worker, but keeps a process without one.
    await runtime.shutdown();
    throw error;
  });
  const { address, namespace } = settings.temporal;
  const payloads = key === undefined ? 'in clear' : `encrypted with the key ${key.id}`;
  console.log(
    `preverified worker ready: ${NUMBERS_TASK_QUEUE} and ${GRAPH_TASK_QUEUE} in the namespace ${namespace} of ${address}, calls go to ${settings.graph.baseUrl}, payloads are ${payloads}`,
  );
  await worker.stopped;
}

if (require.main === module) {
  runWorker().catch((error: unknown) => {
    console.error(error instanceof StartError ? error.message : error);
    process.exitCode = 1;
  });
}
