import { NativeConnection, Runtime, Worker, type NativeConnectionOptions } from '@temporalio/worker';
import { createNumberActivities } from '../activities';
import { createGraphClient } from '../activities/graph';
import { connect } from '../client/connection/connect';
import { dataConverter } from '../client/connection/data-converter';
import { checkNamespace, checkSearchAttributes } from '../client/connection/namespace';
import { unreachable } from '../client/connection/unreachable';
import type { Settings } from '../client/settings';
import { GRAPH_TASK_QUEUE, NUMBERS_TASK_QUEUE } from '../workflows/task-queues';
import { workflowBundle } from './workflow-bundle';

export type WorkerSettings = Settings<'temporal' | 'payloads' | 'graph' | 'worker'>;

export interface RunningWorker {
  /** Settles when the worker has stopped; rejects if it broke down. */
  readonly stopped: Promise<void>;
  /** Takes no more work and lets the calls under way end, for `SHUTDOWN_GRACE` at most. */
  shutdown(): Promise<void>;
}

/**
 * Starts a worker: the numbers' workflows on one task queue, the calls to Meta on another whose rate limit the server
 * keeps for all workers. Polls when the promise settles.
 *
 * @throws {StartError} if Temporal, its namespace or its search attributes are not as they must be
 */
export async function startWorker(settings: WorkerSettings): Promise<RunningWorker> {
  await checkServer(settings);
  const { logger } = Runtime.instance();
  const bundle = await workflowBundle(logger);
  const connection = await NativeConnection.connect(
    settings.temporal.connectionOptions as NativeConnectionOptions,
  ).catch((error: unknown) => {
    throw unreachable(settings.temporal, error);
  });
  try {
    return run(await createWorkers(settings, connection, bundle), connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function createWorkers(
  settings: WorkerSettings,
  connection: NativeConnection,
  bundle: { code: string },
): Promise<Worker[]> {
  const { temporal, graph, worker } = settings;
  const shared = {
    connection,
    namespace: temporal.namespace,
    dataConverter: dataConverter(settings),
    shutdownGraceTime: worker.shutdownGrace,
    // A call that does not heed its cancellation must not keep the process.
    shutdownForceTime: worker.shutdownGrace + 5_000,
  };
  return [
    await Worker.create({
      ...shared,
      taskQueue: GRAPH_TASK_QUEUE,
      activities: createNumberActivities({ graph: createGraphClient(graph), policyDay: worker.policyDay }),
      maxTaskQueueActivitiesPerSecond: worker.graphCallsPerSecond,
    }),
    await Worker.create({ ...shared, taskQueue: NUMBERS_TASK_QUEUE, workflowBundle: bundle }),
  ];
}

async function checkServer(settings: WorkerSettings): Promise<void> {
  const { connection, close } = await connect(settings);
  try {
    await checkNamespace(connection, settings);
    if (!(await checkSearchAttributes(connection, settings))) {
      Runtime.instance().logger.warn(
        'Temporal does not tell whether the search attributes are there: look in its console',
      );
    }
  } finally {
    await close();
  }
}

/** One that stops, by a signal or a fault, takes the other with it. */
function run(workers: Worker[], connection: NativeConnection): RunningWorker {
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run().finally(shutdown));
  const stopped = Promise.allSettled(runs).then(async (ends) => {
    await connection.close();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  });
  // Whoever awaits it later is told; until then it is no unhandled rejection.
  stopped.catch(() => undefined);
  return {
    stopped,
    async shutdown() {
      shutdown();
      await stopped;
    },
  };
}
