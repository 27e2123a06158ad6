import { spawn, type ChildProcess } from 'node:child_process';
import readline from 'node:readline';
import { StartError } from '../../client/connection/start-error';
import { searchAttributes } from '../../workflows/lifecycle/search-attributes';
import { freePort } from './ports';

export interface DevServerOptions {
  /** The Temporal CLI. */
  cli: string;
  /** Any free port by default. */
  port?: number;
  /** Any free port by default; `null` for no UI. */
  uiPort?: number | null;
  /** Where the UI has payloads decrypted. */
  codecEndpoint?: string;
  /** A file to keep everything in, over restarts; in memory by default. */
  file?: string;
  /** Temporal's dynamic configuration, such as `{ 'limit.historyCount.suggestContinueAsNew': 100 }`. */
  dynamicConfig?: Readonly<Record<string, unknown>>;
}

export interface DevServer {
  /** `127.0.0.1:7233` */
  address: string;
  /** `http://127.0.0.1:8233`; `null` without a UI. */
  uiUrl: string | null;
  /** `undefined` where it could not be started. */
  pid: number | undefined;
  /** Settles when the server has ended, by itself or not. */
  stopped: Promise<void>;
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

const host = '127.0.0.1';

/**
 * Starts Temporal's development server, with the pool's search attributes in the namespace `default`. It
 * ends with this process at the latest.
 *
 * @throws {StartError} with what the server says, if it cannot start
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { port = await freePort(), uiPort = await freePort() } = options;
  const child = spawn(options.cli, commandLine(port, uiPort, options), { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stopped = new Promise<void>((resolve) => {
    child.once('close', resolve).once('error', resolve);
  }).finally(() => process.off('exit', kill));
  await ready(child, options.cli);
  return {
    address: `${host}:${String(port)}`,
    uiUrl: uiPort === null ? null : `http://${host}:${String(uiPort)}`,
    pid: child.pid,
    stopped,
    async stop() {
      child.kill('SIGINT');
      await stopped;
    },
    async kill() {
      kill();
      await stopped;
    },
  };
}

function commandLine(port: number, uiPort: number | null, options: DevServerOptions): string[] {
  const { codecEndpoint, file, dynamicConfig = {} } = options;
  return [
    ...['server', 'start-dev', '--ip', host, '--port', String(port)],
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(file === undefined ? [] : ['--db-filename', file]),
    ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
    ...Object.entries(dynamicConfig).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
    ...Object.values(searchAttributes).flatMap(({ name, type }) => [
      '--search-attribute',
      `${name}=${words[type]}`,
    ]),
  ];
}

/** How the Temporal CLI names the types in use. */
const words = { KEYWORD: 'Keyword', DATETIME: 'Datetime' } as const;

/** It prints its address once it serves. */
async function ready(child: ChildProcess, cli: string): Promise<void> {
  const said: string[] = [];
  const listening = new Promise<void>((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      if (!input) continue;
      readline.createInterface({ input }).on('line', (line) => {
        if (said.push(line) > 20) said.shift();
        if (line.startsWith('Server:')) resolve();
      });
    }
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`it ended with ${String(code)}`)));
  });
  await listening.catch((error: unknown) => {
    throw new StartError(
      `Temporal's development server cannot start: ${[(error as Error).message, ...said].join('\n    ')}\n`,
      `look whether "${cli} server start-dev" works`,
      { cause: error },
    );
  });
}
