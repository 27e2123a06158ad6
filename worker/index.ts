import { hostname } from 'node:os';
import { NativeConnection, Runtime, Worker, type NativeConnectionOptions } from '@temporalio/worker';
import type { Client, Connection } from '@temporalio/client';
import { readingConverter } from '../audit';
import { createNumberActivities } from '../activities';
import { createCustomerActivities } from '../activities/customers';
import { createGraphClient } from '../activities/graph';
import { createReconcileGraphActivities } from '../activities/reconcile/graph-activities';
import { createDeliveryActivities } from '../activities/webhooks/delivery-activities';
import type { EndpointsFile } from '../activities/webhooks/endpoints';
import { whoseToken } from '../activities/whose-token';
import { connect } from '../temporal/connect';
import { dataConverter, workflowPayloadsPath } from '../temporal/data-converter';
import { checkWorkerKeys } from '../temporal/check-keys';
import { TolerantCodec } from '../temporal/tolerant-codec';
import { checkNamespace, checkSearchAttributes } from '../temporal/namespace';
import { unreachable } from '../temporal/unreachable';
import type { Settings } from '../settings';
import { version } from '../settings/version';
import { GRAPH_TASK_QUEUE, NUMBERS_TASK_QUEUE } from '../contract/task-queues';
import { holderOf, openRecords, releaseHeld, type Records } from '../records';
import { createClosingActivity, tokensOf } from './customers/closing';
import { customersOfNumbers, noteReturn, numbersOf, pinOf } from './customers/of-numbers';
import { customersTokens } from './records/customers-tokens';
import { createRecordsActivities, asActivityFailure } from './records/records-activities';
import { findLateness } from './records/lateness';
import { ensureRecordsSchedule } from './records/schedule';
import { loadEndpoints } from './webhooks/endpoints';
import { createWebhookActivities } from './webhooks/webhook-activities';
import { ensureMonitoring } from './monitoring';
import { createReconcileActivities } from './reconcile-activities';
import { workflowBundle } from './workflow-bundle';

export type WorkerSettings = Settings<'temporal' | 'payloads' | 'graph' | 'worker' | 'customers' | 'records'>;

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
 * @param workflowsPath a module with other workflows than the numbers', as for {@link workflowBundle}
 * @throws {StartError} if Temporal, its namespace, its search attributes, the payload keys or the endpoints file are not as
 *   they must be, or if the records cannot be opened or are not those of the namespace's other workers
 */
export async function startWorker(settings: WorkerSettings, workflowsPath?: string): Promise<RunningWorker> {
  const endpointsFile = loadEndpoints(settings.worker.webhookEndpoints);
  const { client, connection: checked, close } = await connect(settings);
  const closing = [close];
  const stop = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    await checkServer(settings, checked);
    await checkWorkerKeys(client, settings.payloads.keys);
    const records = await openRecords(settings);
    closing.push(() => records.close());
    await ensureRecordsSchedule(client, records);
    const webhooks = endpointsFile.endpoints.length > 0;
    await ensureMonitoring(client, { portfolioId: settings.worker.portfolioId, webhooks });
    const bundle = await workflowBundle(Runtime.instance().logger, workflowsPath);
    const connection = await NativeConnection.connect(
      settings.temporal.connectionOptions as NativeConnectionOptions,
    ).catch((error: unknown) => {
      throw unreachable(settings.temporal, error);
    });
    closing.push(() => connection.close());
    const workers = await createWorkers(settings, connection, bundle, { client, endpointsFile, records });
    return run(workers, stop);
  } catch (error) {
    // What went wrong is what a person must read, not what the cleaning up says.
    await stop().catch(() => undefined);
    throw error;
  }
}

/** Why a number is nobody's any more. */
const shownInPool = { by: 'Meta', reason: 'Meta shows the number in the pool' };

async function createWorkers(
  settings: WorkerSettings,
  connection: NativeConnection,
  bundle: { code: string },
  { client, endpointsFile, records }: { client: Client; endpointsFile: EndpointsFile; records: Records },
): Promise<Worker[]> {
  const { temporal, worker } = settings;
  const graph = createGraphClient({
    ...settings.graph,
    warn: (message) => void Runtime.instance().logger.warn(message),
  });
  const graphOf = whoseToken(graph, customersTokens(records, client));
  const webhooks = endpointsFile.endpoints.length > 0;
  const shared = {
    connection,
    namespace: temporal.namespace,
    // What `preverified status` shows of it.
    identity: `${String(process.pid)}@${hostname()} preverified ${version()}`,
    dataConverter: dataConverter(settings),
    shutdownGraceTime: worker.shutdownGrace,
    // A call that does not heed its cancellation must not keep the process.
    shutdownForceTime: worker.shutdownGrace + 5_000,
  };
  const graphWorker = await Worker.create({
    ...shared,
    taskQueue: GRAPH_TASK_QUEUE,
    activities: {
      ...createNumberActivities({
        ...{ graph, graphOf, policyDay: worker.policyDay, webhooks },
        holders: {
          holderOf: (phoneNumber) => asActivityFailure(() => holderOf(records, phoneNumber)),
          givenBack: (holding) => asActivityFailure(() => releaseHeld(records, holding, shownInPool)),
        },
        ...(worker.customers && {
          customers: customersOfNumbers(client, (...claim) => records.signupExchanges.failureOf(...claim)),
        }),
      }),
      ...createCustomerActivities({
        ...{ ...settings.customers, graph, graphOf, webhooks },
        tokens: tokensOf(records),
        numbersOf: (wabaId, phoneNumber) =>
          asActivityFailure(() => numbersOf({ client, records }, wabaId, phoneNumber)),
        returned: (wabaId, numbers) =>
          asActivityFailure(() => noteReturn({ client, records }, wabaId, numbers)),
        pinOf: (phoneNumber) => asActivityFailure(() => pinOf({ client, records }, phoneNumber)),
      }),
      ...createReconcileGraphActivities(graph, graphOf),
    },
    maxTaskQueueActivitiesPerSecond: worker.graphCallsPerSecond,
  });
  try {
    const numbersWorker = await Worker.create({
      ...shared,
      dataConverter: {
        ...shared.dataConverter,
        payloadConverterPath: workflowPayloadsPath,
        payloadCodecs: [new TolerantCodec(settings.payloads.keys)],
      },
      taskQueue: NUMBERS_TASK_QUEUE,
      workflowBundle: bundle,
      activities: {
        ...createReconcileActivities(client),
        ...createWebhookActivities(client, endpointsFile, worker.policyDay, (at) =>
          findLateness(client, records, at),
        ),
        ...createDeliveryActivities(endpointsFile.endpoints),
        ...createClosingActivity({ client, records, webhooks }),
        ...createRecordsActivities({
          client,
          records,
          signingKeys: settings.records.signingKeys,
          converter: readingConverter(settings),
          webhooks,
        }),
      },
    });
    return [graphWorker, numbersWorker];
  } catch (error) {
    // A worker lets go of its connection only once it has run.
    await graphWorker.runUntil(Promise.resolve());
    throw error;
  }
}

async function checkServer(settings: WorkerSettings, connection: Connection): Promise<void> {
  await checkNamespace(connection, settings);
  if (!(await checkSearchAttributes(connection, settings))) {
    Runtime.instance().logger.warn(
      'Temporal does not tell whether the search attributes are there: look in its console',
    );
  }
}

/** One that stops, by a signal or a fault, takes the other with it. */
function run(workers: Worker[], close: () => Promise<void>): RunningWorker {
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run().finally(shutdown));
  const stopped = Promise.allSettled(runs).then(async (ends) => {
    await close();
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
