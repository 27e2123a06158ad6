import { sql, type Kysely, type Migration } from 'kysely';
import { customerTables, signupNames } from './customer-tables';

/** By name, in their order. A released one never changes: what is needed later is a new one. */
export const migrations = (kind: 'sqlite' | 'postgres'): Record<string, Migration> => ({
  '0001-chain': { up: (db) => chain(db, kind) },
  '0002-customer-tokens': { up: (db) => customerTokens(db, kind) },
  '0003-who-left': {
    up: (db) => db.schema.alterTable('releases').addColumn('waba_id', 'text').execute(),
  },
  '0004-signup-names': { up: signupNames },
});

const appendOnly = ['chains', 'entries', 'holdings', 'releases', 'checkpoints', 'scans', 'verifications'];

async function chain(db: Kysely<unknown>, kind: 'sqlite' | 'postgres'): Promise<void> {
  const bytes = kind === 'sqlite' ? sql`blob` : sql`bytea`;
  const table = (name: string) =>
    db.schema.createTable(name).addColumn('namespace', 'text', (c) => c.notNull());
  await table('chains')
    .addColumn('id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('chains_pk', ['namespace'])
    .execute();
  await table('entries')
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('prev', 'text', (c) => c.notNull())
    .addColumn('header', 'text', (c) => c.notNull())
    .addColumn('run_id', 'text')
    .addColumn('workflow_id', 'text')
    .addColumn('started_at', 'text')
    .addColumn('history', bytes)
    .addColumn('record', bytes)
    .addPrimaryKeyConstraint('entries_pk', ['namespace', 'seq'])
    // Two writers cannot fork the chain, nor keep a run twice, whatever their code does.
    .addUniqueConstraint('entries_prev', ['namespace', 'prev'])
    .addUniqueConstraint('entries_run', ['namespace', 'run_id'])
    .execute();
  await table('holdings')
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('phone_number', 'text', (c) => c.notNull())
    .addColumn('waba_id', 'text', (c) => c.notNull())
    .addColumn('phone_number_id', 'text')
    .addColumn('customer_id', 'text')
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('holdings_pk', ['namespace', 'seq'])
    .execute();
  await table('releases')
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('phone_number', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('releases_pk', ['namespace', 'seq'])
    .execute();
  await table('checkpoints')
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('signature', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('checkpoints_pk', ['namespace', 'at'])
    .execute();
  await table('scans')
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('until', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('scans_pk', ['namespace', 'id'])
    .execute();
  await table('verifications')
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('entries', 'integer', (c) => c.notNull())
    .addColumn('faults', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('verifications_pk', ['namespace', 'id'])
    .execute();
  for (const [on, column] of [
    ['entries', 'workflow_id'],
    ['holdings', 'phone_number'],
    ['holdings', 'waba_id'],
    ['holdings', 'customer_id'],
    ['releases', 'phone_number'],
    ['scans', 'until'],
    ['verifications', 'at'],
  ] as const) {
    await db.schema.createIndex(`${on}_${column}`).on(on).columns(['namespace', column]).execute();
  }
  if (kind === 'postgres') {
    await sql`create function refuse_change() returns trigger language plpgsql as
      $$ begin raise exception 'records are append-only'; end $$`.execute(db);
  }
  for (const name of appendOnly) await refuseChanges(db, kind, name);
}

async function customerTokens(db: Kysely<unknown>, kind: 'sqlite' | 'postgres'): Promise<void> {
  await customerTables(db, kind);
  await refuseChanges(db, kind, 'token_events');
}

/** A slip of the hand is refused by the database itself; what is done on purpose, `records verify` finds. */
async function refuseChanges(db: Kysely<unknown>, kind: 'sqlite' | 'postgres', name: string): Promise<void> {
  if (kind === 'sqlite') {
    for (const change of ['update', 'delete']) {
      await sql`create trigger ${sql.ref(`${name}_no_${change}`)} before ${sql.raw(change)} on ${sql.table(name)}
        begin select raise(abort, 'records are append-only'); end`.execute(db);
    }
    return;
  }
  await sql`create trigger ${sql.ref(`${name}_no_change`)} before update or delete or truncate on ${sql.table(name)}
    for each statement execute function refuse_change()`.execute(db);
}
