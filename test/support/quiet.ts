import { DefaultLogger, Runtime } from '@temporalio/worker';

/** Warns of nothing: what a test makes fail on purpose comes back to it, and it says there what it expects. */
export const quietLogger = new DefaultLogger('ERROR');

let quieted = false;

/** The SDK's own warnings are not what a test is about. For a test that uses none of the test servers, before all else. */
export function quiet(): void {
  if (quieted) return;
  quieted = true;
  Runtime.install({
    logger: quietLogger,
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
  });
}
