import { Runtime, type Logger as TemporalLogger, type LogLevel, type LogMetadata } from '@temporalio/worker';
import type { Logger } from '../settings/logger';
import { StartError } from '../settings/start-error';
import type { Settings } from '../settings';

/**
 * Sets up the part of Temporal's SDK of which a process has one: its log goes to ours, and Prometheus can fetch its
 * metrics under `/metrics` where `METRICS_ADDRESS` says so. Before anything else of the SDK.
 */
export function installRuntime({ worker }: Settings<'worker'>, logger: Logger): Runtime {
  const { metricsAddress } = worker;
  try {
    return Runtime.install({
      logger: temporalLogger(logger),
      telemetryOptions: {
        logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
        ...(metricsAddress && { metrics: { prometheus: { bindAddress: metricsAddress } } }),
      },
    });
  } catch (error) {
    if (metricsAddress === null) throw error;
    throw new StartError(
      `Metrics cannot be served at METRICS_ADDRESS ${metricsAddress}`,
      'choose an address of this machine and a port that is free',
      { cause: error },
    );
  }
}

/** Each of our two workers has only one half of the work; the SDK warns of the other. */
const expected = /^No (workflows|activities|Nexus services) registered/;

function temporalLogger(logger: Logger): TemporalLogger {
  const log = (level: LogLevel, message: string, { error, ...meta }: LogMetadata = {}) => {
    const ours = expected.test(message) ? 'debug' : (level.toLowerCase() as Lowercase<LogLevel>);
    logger[ours]({ ...meta, ...(error === undefined ? {} : { err: error as unknown }) }, message);
  };
  const at = (level: LogLevel) => (message: string, meta?: LogMetadata) => {
    log(level, message, meta);
  };
  return {
    log,
    trace: at('TRACE'),
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
  };
}
