import { existsSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../../settings/start-error';
import { freePort } from '../../stack/ports';
import { startProgram } from '../../stack/program';
import { cpuOf } from '../stack/cpu-of';

export interface RestateServer {
  /** Where clients send their requests. */
  ingress: string;
  /** Has it call a service. @param url where that listens */
  register(url: string): Promise<void>;
  /** Rows of its own tables, such as `sys_invocation`. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Milliseconds of CPU that it has used so far. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

const host = '127.0.0.1';

/** The package of its own that brings Restate; compiled code stands elsewhere. */
export const home = existsSync(path.join(__dirname, 'package.json'))
  ? __dirname
  : path.resolve(__dirname, '../../../bench/restate');

/**
 * Starts Restate's server as it comes, but for its ports, and for that it sends its makers nothing and does not wait for
 * the disk, as little as the development server of Temporal, which keeps everything in memory.
 *
 * @param folder where it keeps everything
 * @throws {StartError} where npm has no server for this machine, or it does not start
 */
export async function startRestate(folder: string): Promise<RestateServer> {
  const [ingressPort, adminPort, port] = [await freePort(), await freePort(), await freePort()];
  const command = binaryFor(`${process.platform}-${process.arch}`);
  const program = await startProgram({
    what: "Restate's server",
    command,
    args: [
      ...['--node-name', 'bench', '--base-dir', folder, '--listen-mode', 'tcp'],
      ...['--bind-ip', host, '--bind-port', String(port)],
      ...['--no-logo', '--log-format', 'compact', '--log-disable-ansi-codes', 'true'],
    ],
    env: {
      PATH: process.env['PATH'],
      RESTATE_INGRESS__BIND_PORT: String(ingressPort),
      RESTATE_ADMIN__BIND_PORT: String(adminPort),
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_SERVER__ROCKSDB_DISABLE_WAL_FSYNC: 'true',
    },
    isReady: (line) => line.includes('server_name=admin-api-server'),
    remedy: `look whether "${command}" works`,
  });
  const admin = `http://${host}:${String(adminPort)}`;
  return {
    ingress: `http://${host}:${String(ingressPort)}`,
    async register(url) {
      await ask(`${admin}/deployments`, { uri: url });
    },
    query: async (query) =>
      ((await ask(`${admin}/query`, { query })) as { rows: Record<string, unknown>[] }).rows,
    cpu: () => cpuOf(program.pid),
    stop: () => program.end('SIGKILL'),
  };
}

/**
 * The server that comes as a package with `@restatedev/restate-server`; there is none for Windows.
 *
 * @param machine such as `linux-x64`
 */
export function binaryFor(machine: string): string {
  const name = `@restatedev/restate-server-${machine}`;
  try {
    return path.join(
      path.dirname(require.resolve(`${name}/package.json`, { paths: [home] })),
      'bin/restate-server',
    );
  } catch (error) {
    throw new StartError(
      `Restate's server is not there: npm has not installed ${name}`,
      'run "npm ci --prefix bench/restate" on Linux or macOS, x64 or arm64; elsewhere name the other benches',
      { cause: error },
    );
  }
}

/** Posts JSON to Restate. @throws what it says, where it refuses */
export async function ask(url: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  if (!response.ok) throw new Error(`Restate refused ${new URL(url).pathname}: ${await response.text()}`);
  return response.json();
}
