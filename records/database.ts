import { accessSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'libsql';
import {
  Kysely,
  PostgresDialect,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type Transaction,
} from 'kysely';
import type { RecordsPlace } from '../settings/records-url';
import { postgresPool } from './postgres-pool';
import type { Tables } from './schema';

/** Milliseconds that a writer waits for another one. The driver waits without letting go of the process: Temporal tries again. */
const BUSY = 1_000;

export type Database = Kysely<Tables>;

/** The database, for what is kept of one namespace. */
export interface NamespaceDatabase {
  readonly namespace: string;
  /** Runs a query; what the database throws becomes words for people. @throws {RecordsError} */
  use<Answer>(query: (db: Database) => Promise<Answer>): Promise<Answer>;
  /** One writer at a time, in one transaction. @throws {RecordsError} */
  write<Answer>(act: (db: Transaction<Tables>) => Promise<Answer>): Promise<Answer>;
}

/** @param readOnly for those who only read, and need no right to write */
export function openDatabase(place: RecordsPlace, { readOnly = false } = {}): Database {
  if (place.kind === 'postgres') {
    return new Kysely({ dialect: new PostgresDialect({ pool: postgresPool(place.url) }) });
  }
  const file = path.resolve(place.path);
  // The driver has no way of its own to open a file without making it, or to read alone.
  if (readOnly) accessSync(file);
  else mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const database = new Sqlite(file);
  database.exec(`PRAGMA busy_timeout = ${String(BUSY)}`);
  if (readOnly) database.exec('PRAGMA query_only = ON');
  else {
    // Readers and the writer do not wait for each other; each commit is on the disk before it is answered.
    database.pragma('journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
  }
  return new Kysely({ dialect: new ImmediateDialect(database) });
}

/** A transaction takes the lock at its beginning: one that reads first and writes later fails where another one wrote meanwhile. */
class ImmediateDialect extends SqliteDialect {
  constructor(private readonly database: Sqlite.Database) {
    super({ database });
  }

  override createDriver() {
    return new ImmediateDriver(this.database);
  }

  override createAdapter() {
    return new TransactionalAdapter();
  }
}

class ImmediateDriver extends SqliteDriver {
  constructor(private readonly database: Sqlite.Database) {
    super({ database });
  }

  /**
   * Not as a statement of its own: one that could not get the lock stays open in libsql (0.5), and until it is collected
   * every COMMIT fails with "SQL statements in progress" (https://github.com/tursodatabase/libsql-client-ts/issues/352).
   */
  override beginTransaction(): Promise<void> {
    this.database.exec('BEGIN IMMEDIATE');
    return Promise.resolve();
  }

  /** SQLite has done it already where the disk was full: a fault of the ROLLBACK would hide that. */
  override rollbackTransaction(): Promise<void> {
    if (this.database.inTransaction) this.database.exec('ROLLBACK');
    return Promise.resolve();
  }
}

/** Migrations run in such a transaction, which is their lock: Kysely's own adapter has none between processes. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
