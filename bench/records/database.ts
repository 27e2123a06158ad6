import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../../stack/postgres';
import { findPostgres } from '../../stack/set-up/postgres';

/** Where a bench keeps records. */
export interface BenchDatabase {
  name: string;
  url: string;
  /** Bytes on disk. */
  size(): Promise<number>;
  stop(): Promise<void>;
}

/** Both that records can be in; SQLite alone where there is no PostgreSQL. */
export const databases = (): (() => Promise<BenchDatabase>)[] =>
  findPostgres() === undefined ? [sqlite] : [sqlite, postgres];

async function sqlite(): Promise<BenchDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'preverified-bench-'));
  const file = path.join(folder, 'records.db');
  const sizeOf = (name: string) =>
    stat(name).then(
      ({ size }) => size,
      () => 0,
    );
  return {
    name: 'SQLite',
    url: `sqlite:${file}`,
    size: async () => (await sizeOf(file)) + (await sizeOf(`${file}-wal`)),
    stop: () => rm(folder, { recursive: true }),
  };
}

async function postgres(): Promise<BenchDatabase> {
  const server = await startPostgres(findPostgres() ?? '');
  await server.query('postgres', 'CREATE DATABASE records');
  const { user, password, host, port } = server;
  return {
    name: 'PostgreSQL',
    url: `postgres://${user}:${password}@${host}:${String(port)}/records`,
    size: async () => Number(await server.query('postgres', `SELECT pg_database_size('records')`)),
    stop: () => server.stop(),
  };
}
