import { createLogger } from '../../settings/logger';
import { needs, readSettings } from '../../settings';
import { startWorker } from '../../worker';
import { installRuntime } from '../../worker/runtime';
import { serveMeasured } from './measured-process';

/** The worker as production has it; `BENCH_WORKFLOWS` names other workflows for it to run. */
serveMeasured(async () => {
  const settings = readSettings(needs.worker);
  installRuntime(settings, createLogger(settings));
  const worker = await startWorker(settings, process.env['BENCH_WORKFLOWS']);
  return { ready: null, stop: () => worker.shutdown() };
});
