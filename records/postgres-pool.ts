import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { Pool, type PoolClient } from 'pg';

/**
 * Milliseconds for one statement, the locks that it waits for included: a PostgreSQL that hangs and refuses nothing would
 * keep whoever asks it for ever. Whatever we ask takes a second or two, as records are read a page at a time; the longest,
 * every ID in millions of entries, or waiting for another writer, takes some ten. `?query_timeout=` in RECORDS_URL is another.
 */
const ANSWER_WITHIN = 60_000;

/** Connections to PostgreSQL, as Kysely takes them. */
export function postgresPool(url: string): PostgresPool {
  const pool = new Pool({
    connectionString: url,
    max: 5,
    connectionTimeoutMillis: 5_000,
    query_timeout: ANSWER_WITHIN,
    application_name: 'preverified',
  });
  // A connection that breaks while nobody uses it is no fault: the next query gets another one.
  pool.on('error', () => undefined);
  // Nor is one that breaks in use: its query fails. Without this the event ends the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    connect: async () => closedOnceStuck(await pool.connect()),
    end: () => pool.end(),
  };
}

/** The driver puts a connection without an answer back into its pool (pg 8), where each later query would wait behind that. */
function closedOnceStuck(client: PoolClient): PostgresPoolClient {
  let stuck: Error | null = null;
  const query = async (sql: string, parameters: readonly unknown[]) => {
    if (stuck) throw stuck;
    try {
      return await client.query(sql, [...parameters]);
    } catch (error) {
      if (error instanceof Error && error.message === 'Query read timeout') stuck = error;
      throw error;
    }
  };
  return {
    // Without cursors, of which nothing here makes use.
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy = false) => client.release(destroy || stuck !== null),
  };
}
