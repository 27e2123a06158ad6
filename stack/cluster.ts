import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '../temporal/sdk-internals';
import { createSearchAttributes } from '../temporal/namespace';
import { startPostgres, type Postgres, type PostgresStop } from './postgres';
import type { Program } from './program';
import { databases, laySchema, startTemporalServer, temporalPorts } from './temporal-server';

export interface ClusterOptions {
  /** The folder of the Temporal server's programs. */
  temporalBin: string;
  /** The folder of PostgreSQL's. */
  postgresBin: string;
  /** Temporal's dynamic configuration, such as `{ 'matching.enableFairness': true }`. */
  dynamicConfig?: Readonly<Record<string, unknown>>;
  /** Each comes with the pool's search attributes; `default` by default. */
  namespaces?: readonly string[];
  /** In how many parts Temporal keeps the workflows, each with queues of its own; fixed for a database's life. */
  historyShards?: number;
  /** PostgreSQL's settings, such as `{ shared_buffers: '1GB' }`. */
  postgres?: Readonly<Record<string, string>>;
}

/** Temporal as a user runs it: its server, on PostgreSQL. */
export interface Cluster {
  /** `127.0.0.1:7233` */
  address: string;
  /** The processes of PostgreSQL, the parent of its others, and of Temporal. */
  pids(): number[];
  /** Stops PostgreSQL under the running server, `immediate` as a power cut would, and starts it again. */
  restartPostgres(how?: PostgresStop): Promise<void>;
  /** Kills the Temporal server and starts it again. */
  restartTemporal(): Promise<void>;
  /** Bytes that Temporal's databases take on disk. */
  size(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL and on it Temporal with its namespaces. Both end with
 * this process at the latest.
 *
 * @throws {StartError} with what keeps one of them from starting
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { temporalBin, postgresBin, dynamicConfig = {}, historyShards = 4 } = options;
  const { namespaces = ['default'] } = options;
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const folder = await mkdtemp(path.join(tmpdir(), 'preverified-temporal-'));
    ends.push(() => rm(folder, { recursive: true }));
    const postgres = await startPostgres(postgresBin, options.postgres);
    ends.push(() => postgres.stop());
    await laySchema(temporalBin, postgres);
    const ports = await temporalPorts();
    const start = () =>
      startTemporalServer({
        bin: temporalBin,
        folder,
        database: postgres,
        ports,
        historyShards,
        dynamicConfig,
      });
    let temporal: Program = await start();
    ends.push(() => temporal.end('SIGTERM'));
    const restartTemporal = async (signal: NodeJS.Signals) => {
      await temporal.end(signal);
      temporal = await start();
    };
    const address = `127.0.0.1:${String(ports[0])}`;
    await makeNamespaces(address, namespaces);
    // Each service goes by what it knows of a namespace for seconds; one that has just started knows it as it is.
    await restartTemporal('SIGTERM');
    return {
      address,
      pids: () => [postgres.pid, temporal.pid],
      restartPostgres: (how = 'fast') => postgres.restart(how),
      restartTemporal: () => restartTemporal('SIGKILL'),
      size: () => sizeOf(postgres),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeNamespaces(address: string, namespaces: readonly string[]): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    for (const namespace of namespaces) {
      await connection.workflowService.registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: msToTs('1 day'),
      });
      await createSearchAttributes(connection, namespace);
    }
  } finally {
    await connection.close();
  }
}

async function sizeOf(postgres: Postgres): Promise<number> {
  const names = databases.map((name) => `'${name}'`).join(', ');
  const sql = `SELECT sum(pg_database_size(datname)) FROM pg_database WHERE datname IN (${names})`;
  return Number(await postgres.query('postgres', sql));
}
