import Sqlite from 'libsql';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres } from '../../../stack/postgres';
import { findPostgres } from '../../../stack/set-up/postgres';
import type { Target } from './supervised-process';

/** A database of its own for the records, that holds their writer up at any of its steps: there it can be killed. */
export interface RecordsDatabase {
  url: string;
  /** What of it can be killed by itself. */
  part: Target | null;
  /** Where the writer can be held up, in the order in which it comes there. */
  steps: readonly string[];
  /** Settles once the writer is at that step, and stays there until {@link Held.release}. */
  hold(step: string, signal: AbortSignal): Promise<Held>;
  close(): Promise<void>;
}

export interface Held {
  /** Settles when it is there. */
  reached: Promise<void>;
  release(): Promise<void>;
}

/** Milliseconds. */
const LOOKED_EVERY = 20;

/** On PostgreSQL the writer waits for a lock that somebody else has. */
export async function postgresRecords(): Promise<RecordsDatabase> {
  const postgres = await startPostgres(findPostgres()!);
  await postgres.query('postgres', 'CREATE DATABASE records');
  const { user, password, host, port } = postgres;
  const url = `postgres://${user}:${password}@${host}:${String(port)}/records`;
  const connected = async () => {
    const client = new Client({ connectionString: url, application_name: 'chaos' });
    // PostgreSQL itself may be the one that is killed.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const locks: Record<string, string> = {
    'before it lists': 'LOCK TABLE scans IN ACCESS EXCLUSIVE MODE',
    'before it reads histories': 'LOCK TABLE entries IN ACCESS EXCLUSIVE MODE',
    'before its transaction': `SELECT pg_advisory_xact_lock(hashtext('preverified records'))`,
    'before the entries': 'LOCK TABLE entries IN EXCLUSIVE MODE',
    'between the entries and what follows from them': 'LOCK TABLE holdings IN EXCLUSIVE MODE',
    'between the entries and its answer': 'LOCK TABLE scans IN EXCLUSIVE MODE',
    'between the end of the search and the checkpoint': 'LOCK TABLE checkpoints IN EXCLUSIVE MODE',
  };
  const disruptions = { killed: 0, paused: 0, crashed: 0 };
  return {
    url,
    part: {
      name: 'PostgreSQL',
      disruptions,
      start: () => Promise.resolve(),
      async kill() {
        disruptions.killed++;
        await postgres.restart('immediate');
      },
      close: () => Promise.resolve(),
    },
    steps: Object.keys(locks),
    async hold(step, signal) {
      const holder = await connected();
      await holder.query('BEGIN');
      await holder.query(locks[step]!);
      const reached = async () => {
        const watch = await connected();
        const waiting = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'preverified' AND wait_event_type = 'Lock'`;
        try {
          while ((await watch.query(waiting)).rowCount === 0)
            await setTimeout(LOOKED_EVERY, undefined, { signal });
        } finally {
          await watch.end();
        }
      };
      return {
        reached: reached(),
        release: () => holder.end().catch(() => undefined),
      };
    },
    close: () => postgres.stop(),
  };
}

/** On SQLite the writer is held up by a trigger that takes long; it is there when nobody else may write. */
export async function sqliteRecords(): Promise<RecordsDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'preverified-records-'));
  const file = path.join(folder, 'records.db');
  const tables: Record<string, string> = {
    'before the entries': 'entries',
    'between the entries and what follows from them': 'holdings',
    'between the entries and its answer': 'scans',
    'between the end of the search and the checkpoint': 'checkpoints',
  };
  const database = () => {
    const opened = new Sqlite(file);
    opened.exec('PRAGMA busy_timeout = 0');
    return opened;
  };
  /** Tried until nobody else writes. */
  const define = async (statement: string, signal?: AbortSignal) => {
    for (;;) {
      const opened = database();
      try {
        opened.exec(statement);
        return;
      } catch (error) {
        if (!/locked|busy/i.test((error as Error).message)) throw error;
        await setTimeout(LOOKED_EVERY, undefined, signal && { signal });
      } finally {
        opened.close();
      }
    }
  };
  return {
    url: `sqlite:${file}`,
    part: null,
    steps: Object.keys(tables),
    async hold(step, signal) {
      const table = tables[step]!;
      // Counting so far takes most of a second, for each row.
      const slow = `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 4000000) SELECT max(x) FROM n`;
      await define(
        `CREATE TRIGGER slow BEFORE INSERT ON ${table} WHEN (${slow}) > 0 BEGIN SELECT 1; END`,
        signal,
      );
      const reached = async () => {
        const opened = database();
        // Others write for a moment: only who writes for long is held up.
        let since: number | null = null;
        try {
          while (since === null || Date.now() - since < 100) {
            await setTimeout(LOOKED_EVERY, undefined, { signal });
            try {
              opened.exec('BEGIN IMMEDIATE');
              opened.exec('ROLLBACK');
              since = null;
            } catch {
              since ??= Date.now();
            }
          }
        } finally {
          opened.close();
        }
      };
      return { reached: reached(), release: () => define('DROP TRIGGER IF EXISTS slow') };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
