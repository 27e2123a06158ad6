import { sql, type Kysely } from 'kysely';

/**
 * Customers' tokens, the codes that signups brought, and what was done with tokens. The first two change and go, unlike all
 * else in records: a token that nobody needs any more must not be kept.
 */
export async function customerTables(db: Kysely<unknown>, kind: 'sqlite' | 'postgres'): Promise<void> {
  const bytes = kind === 'sqlite' ? sql`blob` : sql`bytea`;
  await db.schema
    .createTable('customer_tokens')
    .addColumn('namespace', 'text', (c) => c.notNull())
    .addColumn('waba_id', 'text', (c) => c.notNull())
    .addColumn('business_id', 'text')
    .addColumn('customer_id', 'text')
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('sealed', bytes, (c) => c.notNull())
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text')
    .addColumn('kept_at', 'text', (c) => c.notNull())
    .addColumn('invalid_since', 'text')
    .addColumn('problem', 'text')
    .addPrimaryKeyConstraint('customer_tokens_pk', ['namespace', 'waba_id'])
    .execute();
  await db.schema
    .createTable('token_events')
    .addColumn('namespace', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('waba_id', 'text', (c) => c.notNull())
    .addColumn('what', 'text', (c) => c.notNull())
    .addColumn('by', 'text')
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('detail', 'text')
    .addPrimaryKeyConstraint('token_events_pk', ['namespace', 'id'])
    .execute();
  await db.schema
    .createTable('signup_exchanges')
    .addColumn('namespace', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('session', 'text', (c) => c.notNull())
    .addColumn('customer_id', 'text', (c) => c.notNull())
    .addColumn('phone_number', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text')
    .addColumn('sealed', bytes)
    .addColumn('named', 'text', (c) => c.notNull())
    .addColumn('granted', 'text')
    .addColumn('kept_for', 'text')
    .addColumn('signalled_at', 'text')
    .addColumn('problem', 'text')
    .addColumn('next_try_at', 'text')
    .addColumn('tries', 'integer', (c) => c.notNull().defaultTo(0))
    .addPrimaryKeyConstraint('signup_exchanges_pk', ['namespace', 'id'])
    .execute();
  for (const [on, column] of [
    ['token_events', 'waba_id'],
    ['signup_exchanges', 'session'],
    ['signup_exchanges', 'next_try_at'],
  ] as const) {
    await db.schema.createIndex(`${on}_${column}`).on(on).columns(['namespace', column]).execute();
  }
}

/** What a signup's messages named, for a code that comes to another gateway, or after a restart. It goes after a while, too. */
export async function signupNames(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('signup_names')
    .addColumn('namespace', 'text', (c) => c.notNull())
    .addColumn('session', 'text', (c) => c.notNull())
    .addColumn('waba_id', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('signup_names_pk', ['namespace', 'session', 'waba_id'])
    .execute();
}
