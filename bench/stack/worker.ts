import { createLogger } from '../../settings/logger';
import { needs, readSettings } from '../../settings';
import { startWorker } from '../../worker';
import { installRuntime } from '../../worker/runtime';
import { servePart } from './process';

/** The worker as production has it, as a part; `BENCH_WORKFLOWS` names other workflows for it to run. */
servePart(async () => {
  const settings = readSettings(needs.worker);
  installRuntime(settings, createLogger(settings));
  const worker = await startWorker(settings, process.env['BENCH_WORKFLOWS']);
  return { ready: null, stop: () => worker.shutdown() };
});
