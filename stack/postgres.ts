import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../settings/start-error';
import { freePort } from './ports';
import { startProgram, type Program } from './program';

const execute = promisify(execFile);

/** How it is stopped: its sessions ended and all written, or as by a power cut, to recover at its next start. */
export type PostgresStop = 'fast' | 'immediate';

const signals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

export interface PostgresAccess {
  host: string;
  port: number;
  user: string;
  password: string;
}

export interface Postgres extends PostgresAccess {
  readonly pid: number;
  /** What SQL answers, a row a line. */
  query(database: string, sql: string): Promise<string>;
  /** Stops it and starts it again, with all that it holds. */
  restart(how: PostgresStop): Promise<void>;
  /** Ends it for good, and removes what it holds. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL with its usual settings in a new folder, for this process alone: it ends with it at the latest.
 *
 * @param bin the folder of its programs
 * @param given settings other than PostgreSQL's own, such as `{ shared_buffers: '1GB' }`
 * @throws {StartError} with what it says, if it cannot start
 */
export async function startPostgres(
  bin: string,
  given: Readonly<Record<string, string>> = {},
): Promise<Postgres> {
  const owner = await unprivileged();
  const folder = await mkdtemp(path.join(tmpdir(), 'preverified-postgres-'));
  const access = { host: '127.0.0.1', port: await freePort(), user: 'temporal', password: randomUUID() };
  const settings = {
    listen_addresses: access.host,
    port: access.port,
    unix_socket_directories: '',
    lc_messages: 'C',
    max_connections: '200',
    ...given,
  };
  const data = path.join(folder, 'data');
  const start = () =>
    startProgram({
      what: 'PostgreSQL',
      command: path.join(bin, 'postgres'),
      args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      ...(owner && { user: owner }),
      // A killed one leaves its shared memory behind.
      lastSignal: 'SIGQUIT',
      isReady: (line) => line.includes('database system is ready to accept connections'),
      remedy: `look whether the programs in ${bin} work`,
    });
  let program: Program;
  try {
    await initialize(bin, folder, data, access, owner);
    program = await start();
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
  return {
    ...access,
    get pid() {
      return program.pid;
    },
    async query(database, sql) {
      const { stdout } = await execute(
        path.join(bin, 'psql'),
        [
          '-X',
          '-At',
          '-h',
          access.host,
          '-p',
          String(access.port),
          '-U',
          access.user,
          '-d',
          database,
          '-c',
          sql,
        ],
        { env: { ...process.env, PGPASSWORD: access.password } },
      );
      return stdout.trimEnd();
    },
    async restart(how) {
      await program.end(signals[how]);
      program = await start();
    },
    async stop() {
      await program.end(signals.fast);
      await rm(folder, { recursive: true });
    },
  };
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package makes. */
async function unprivileged() {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const id = async (flag: string) => Number((await execute('id', [flag, 'postgres'])).stdout);
    return { uid: await id('-u'), gid: await id('-g') };
  } catch (error) {
    throw new StartError(
      'PostgreSQL does not run as root, and there is no user postgres',
      'start this as another user, or make one with "useradd --system postgres"',
      { cause: error },
    );
  }
}

async function initialize(
  bin: string,
  folder: string,
  data: string,
  { user, password }: PostgresAccess,
  owner: { uid: number; gid: number } | undefined,
): Promise<void> {
  const passwordFile = path.join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner) for (const place of [folder, passwordFile]) await chown(place, owner.uid, owner.gid);
  const args = [
    '-D',
    data,
    '-U',
    user,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
  ];
  await execute(path.join(bin, 'initdb'), args, { ...owner, cwd: folder }).catch((error: unknown) => {
    throw new StartError(
      `PostgreSQL cannot lay its files in ${folder}: ${(error as Error).message}`,
      `look whether "${path.join(bin, 'initdb')}" works`,
      { cause: error },
    );
  });
}
