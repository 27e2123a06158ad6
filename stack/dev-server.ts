import { searchAttributes } from '../contract/search-attributes';
import { freePort } from './ports';
import { startProgram } from './program';
import { getTemporalCli } from './set-up/temporal-cli';

export interface DevServerOptions {
  /** The Temporal CLI; the one that set-up finds or makes by default. */
  cli?: string;
  /** Any free port by default. */
  port?: number;
  /** Any free port by default; `null` for no UI. */
  uiPort?: number | null;
  /** Where the UI has payloads decrypted. */
  codecEndpoint?: string;
  /** A file to keep everything in, over restarts; in memory by default. */
  file?: string;
  /** Namespaces besides `default`, as it is in everything. */
  namespaces?: readonly string[];
  /** Without the pool's search attributes, as a newcomer starts one. */
  bare?: boolean;
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
 * Starts Temporal's development server with the pool's search attributes in each namespace. It ends with this
 * process at the latest.
 *
 * @throws {StartError} with what the server says, if it cannot start
 */
export async function startDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  for (let tries = 1; ; tries++) {
    try {
      return await start(options);
    } catch (error) {
      // The server finds free ports for its inner services itself; another program may take one before it listens there.
      if (tries === 3 || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function start(options: DevServerOptions): Promise<DevServer> {
  const { cli = await getTemporalCli(), port = await freePort(), uiPort = await freePort() } = options;
  const program = await startProgram({
    what: "Temporal's development server",
    command: cli,
    args: commandLine(port, uiPort, options),
    isReady: (line) => line.startsWith('Server:'),
    remedy: `look whether "${cli} server start-dev" works`,
  });
  return {
    address: `${host}:${String(port)}`,
    uiUrl: uiPort === null ? null : `http://${host}:${String(uiPort)}`,
    pid: program.pid,
    stopped: program.stopped,
    stop: () => program.end('SIGINT'),
    kill: () => program.end('SIGKILL'),
  };
}

function commandLine(port: number, uiPort: number | null, options: DevServerOptions): string[] {
  const { codecEndpoint, file, namespaces = [], bare = false, dynamicConfig = {} } = options;
  return [
    ...['server', 'start-dev', '--ip', host, '--port', String(port)],
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(file === undefined ? [] : ['--db-filename', file]),
    ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
    ...namespaces.flatMap((namespace) => ['--namespace', namespace]),
    ...Object.entries(dynamicConfig).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
    ...(bare ? [] : Object.values(searchAttributes)).flatMap(({ name, type }) => [
      '--search-attribute',
      `${name}=${typeNames[type]}`,
    ]),
  ];
}

/** How the Temporal CLI names the types in use. */
const typeNames = { KEYWORD: 'Keyword', DATETIME: 'Datetime' } as const;
