import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres, type Postgres } from '../../stack/postgres';
import { findPostgres } from '../../stack/set-up/postgres';

/** A database of its own for records. */
export interface TestDatabase {
  url: string;
  /** `null` on SQLite. */
  postgres: Postgres | null;
  /** `null` on PostgreSQL. */
  file: string | null;
  close(): Promise<void>;
}

export const kinds = ['sqlite', 'postgres'] as const;

export async function testDatabase(kind: (typeof kinds)[number]): Promise<TestDatabase> {
  if (kind === 'sqlite') {
    const folder = await mkdtemp(path.join(tmpdir(), 'preverified-records-'));
    const file = path.join(folder, 'records.db');
    return { url: `sqlite:${file}`, postgres: null, file, close: () => rm(folder, { recursive: true }) };
  }
  const bin = findPostgres();
  if (bin === undefined) throw new Error('there is no PostgreSQL: install it, as CONTRIBUTING.md says');
  const postgres = await startPostgres(bin);
  await postgres.query('postgres', 'CREATE DATABASE records');
  const { user, password, host, port } = postgres;
  return {
    url: `postgres://${user}:${password}@${host}:${String(port)}/records`,
    postgres,
    file: null,
    close: () => postgres.stop(),
  };
}
