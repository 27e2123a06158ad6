import { stat } from 'node:fs/promises';
import { startCluster } from '../../stack/cluster';
import { startDevServer, type DevServerOptions } from '../../stack/dev-server';
import { getCluster } from '../../stack/set-up/servers';
import { cpuOf, cpuOfFamily } from './cpu-of';

/** Temporal, in processes of its own. */
export interface BenchServer {
  name: string;
  address: string;
  /** Milliseconds of CPU that it has used so far, its database with it. */
  cpu(): Promise<number>;
  /** Bytes on disk; `NaN` where it keeps everything in memory. */
  size(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * By itself the development server reads all attributes from its database again for each one that is written, so that a new
 * one works at once. No other server does, so it would not be the price of attributes that is measured. Without that it
 * knows for seconds only what a namespace had at first: namespaces are there, with their attributes, before it starts.
 */
const asInProduction = { 'system.forceSearchAttributesCacheRefreshOnRead': false };

/** The development server: SQLite in memory, or in a file. */
export async function devServer(
  namespaces: readonly string[],
  options: Pick<DevServerOptions, 'file' | 'dynamicConfig'> = {},
): Promise<BenchServer> {
  const dynamicConfig = { ...asInProduction, ...options.dynamicConfig };
  const server = await startDevServer({ uiPort: null, ...options, namespaces, dynamicConfig });
  const { file } = options;
  return {
    name: `the development server${file === undefined ? '' : ', in a file'}`,
    address: server.address,
    cpu: () => cpuOf(server.pid),
    size: async () => (file === undefined ? NaN : (await sizeOf(file)) + (await sizeOf(`${file}-wal`))),
    stop: () => server.stop(),
  };
}

const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/** Temporal's server on PostgreSQL. @throws {AggregateError} of what is missing for it */
export async function cluster(namespaces: readonly string[]): Promise<BenchServer> {
  const server = await startCluster({ ...(await getCluster()), namespaces: ['default', ...namespaces] });
  return {
    name: 'Temporal on PostgreSQL',
    address: server.address,
    async cpu() {
      const parts = await Promise.all(server.pids().map(cpuOfFamily));
      return parts.reduce((sum, part) => sum + part, 0);
    },
    size: () => server.size(),
    stop: () => server.stop(),
  };
}
