import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../settings/start-error';
import type { PostgresAccess } from './postgres';
import { freePorts } from './ports';
import { startProgram, type Program } from './program';

const execute = promisify(execFile);

const host = '127.0.0.1';
const services = ['frontend', 'history', 'matching', 'worker'] as const;
const stores = { default: 'temporal', visibility: 'temporal_visibility' } as const;

/** PostgreSQL's databases that Temporal keeps everything in. */
export const databases = Object.values(stores);

export interface TemporalServerOptions {
  /** The folder of its programs. */
  bin: string;
  /** Where its configuration goes; only its owner can read it. */
  folder: string;
  database: PostgresAccess;
  /** Two for each service; the first is where clients connect. */
  ports: readonly number[];
  historyShards: number;
  /** Temporal's dynamic configuration, such as `{ 'matching.enableFairness': true }`. */
  dynamicConfig: Readonly<Record<string, unknown>>;
}

/** Ports for it to listen on. It registers them in PostgreSQL as numbers of 15 bits. */
export const temporalPorts = () => freePorts(2 * services.length, 16_384, 32_768);

/** Makes Temporal's databases and lays its tables there. @throws {StartError} with what the tool says */
export async function laySchema(bin: string, database: PostgresAccess): Promise<void> {
  const tool = path.join(bin, 'temporal-sql-tool');
  const access = {
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: database.host,
    SQL_PORT: String(database.port),
    SQL_USER: database.user,
    SQL_PASSWORD: database.password,
  };
  for (const [store, name] of Object.entries(stores)) {
    const schema = `postgresql/v12/${store === 'default' ? 'temporal' : store}`;
    for (const args of [
      ['create-database'],
      ['setup-schema', '-v', '0.0'],
      ['update-schema', '--schema-name', schema],
    ]) {
      await execute(tool, args, { env: { ...process.env, ...access, SQL_DATABASE: name } }).catch(
        (error: unknown) => {
          throw new StartError(
            `Temporal's tables cannot be laid in PostgreSQL: ${(error as Error).message}`,
            `look whether "${tool}" works`,
            { cause: error },
          );
        },
      );
    }
  }
}

/**
 * Starts Temporal, all of its services in one process, on a database that has its tables.
 *
 * @throws {StartError} with what it says, if it cannot start
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<Program> {
  const { bin, folder } = options;
  await mkdir(folder, { recursive: true });
  const dynamic = Object.entries(options.dynamicConfig).map(([key, value]) => [key, [{ value }]] as const);
  // JSON is YAML too.
  const write = (name: string, content: object) =>
    writeFile(path.join(folder, name), JSON.stringify(content), { mode: 0o600 });
  await write('dynamic.yaml', Object.fromEntries(dynamic));
  await write('cluster.yaml', configuration(options));
  const command = path.join(bin, 'temporal-server');
  return startProgram({
    what: 'The Temporal server',
    command,
    args: ['--root', folder, '--config', '.', '--env', 'cluster', '--allow-no-auth', 'start'],
    isReady: (line) => line.includes('Frontend is now healthy'),
    readable: logged,
    remedy: `look whether "${command}" works`,
  });
}

/** A line of its log without the stack. */
function logged(line: string): string {
  try {
    const { level, msg, error } = JSON.parse(line) as Partial<Record<string, string>>;
    return [level, msg, error].filter(Boolean).join(': ');
  } catch {
    return line;
  }
}

function configuration({ folder, database, ports, historyShards }: TemporalServerOptions) {
  const store = (databaseName: string) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `${database.host}:${String(database.port)}`,
      connectProtocol: 'tcp',
      user: database.user,
      password: database.password,
      maxConns: 20,
      maxIdleConns: 20,
      maxConnLifetime: '1h',
    },
  });
  return {
    log: { stdout: true, level: 'info' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: historyShards,
      datastores: Object.fromEntries(Object.entries(stores).map(([name, of]) => [name, store(of)])),
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: host } },
    services: Object.fromEntries(
      services.map((service, index) => [
        service,
        { rpc: { grpcPort: ports[2 * index], membershipPort: ports[2 * index + 1], bindOnLocalHost: true } },
      ]),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `${host}:${String(ports[0])}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: path.join(folder, 'dynamic.yaml'), pollInterval: '10s' },
  };
}
