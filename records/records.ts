import { randomUUID } from 'node:crypto';
import { Migrator, sql, type Transaction } from 'kysely';
import type { Settings } from '../settings';
import { CustomerTokens } from './customer-tokens';
import { openDatabase, type Database, type NamespaceDatabase } from './database';
import { migrations } from './migrations';
import { RecordsError, readableError } from './records-error';
import type { Tables } from './schema';
import { Sealing } from './sealing';
import { SignupExchanges } from './signup-exchanges';

/** The records of one namespace. */
export interface Records extends NamespaceDatabase {
  readonly db: Database;
  readonly kind: 'sqlite' | 'postgres';
  /** The chain's UUID. */
  readonly id: string;
  /** Where they are, without a password. */
  readonly shown: string;
  /** Sealed with PAYLOAD_KEYS. */
  readonly customerTokens: CustomerTokens;
  readonly signupExchanges: SignupExchanges;
  close(): Promise<void>;
}

type RecordsSettings = Settings<'records' | 'temporal' | 'payloads'>;

/**
 * Opens the records to write, and brings their tables up to date, one process at a time.
 *
 * @param options.migrate `false` leaves the tables as they are: for those who only look
 * @throws {RecordsError} if they cannot be opened or written, or if a newer version of this program has changed them
 */
export async function openRecords(
  { records, temporal, payloads }: RecordsSettings,
  { migrate = true } = {},
): Promise<Records> {
  const { place } = records;
  const open = connected(place.shown, new Sealing(payloads.keys), () => openDatabase(place));
  return open(async (db) => {
    if (migrate) await bringUpToDate(db, place);
    const id = (await findChain(db, temporal.namespace)) ?? (await makeChain(db, temporal.namespace));
    return { db, ...place, namespace: temporal.namespace, id };
  });
}

/**
 * Opens them to read alone: changes nothing, and needs no right to.
 *
 * @throws {RecordsError} if they cannot be read, or if there are none of this namespace yet
 */
export async function openRecordsToRead({ records, temporal, payloads }: RecordsSettings): Promise<Records> {
  const { place } = records;
  const open = connected(place.shown, new Sealing(payloads.keys), () =>
    openDatabase(place, { readOnly: true }),
  );
  return open(async (db) => {
    const id = await findChain(db, temporal.namespace).catch((error: unknown) => {
      // A database that no worker has made its tables in.
      if (/no such table|does not exist/.test((error as Error).message)) return null;
      throw error;
    });
    if (id === null) throw none(place.shown, temporal.namespace);
    return { db, ...place, namespace: temporal.namespace, id };
  });
}

const none = (shown: string, namespace: string) =>
  new RecordsError(
    `There are no records of the namespace ${namespace} at ${shown}`,
    'set RECORDS_URL to where the workers keep them; the first worker that starts makes them',
  );

/** Opens a database, and closes it again where what follows fails. */
function connected(shown: string, sealing: Sealing, open: () => Database) {
  return async (
    make: (db: Database) => Promise<Pick<Records, 'db' | 'kind' | 'namespace' | 'id' | 'shown'>>,
  ): Promise<Records> => {
    const readable = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
      try {
        return await act();
      } catch (error) {
        throw readableError(error, shown);
      }
    };
    return readable(async () => {
      let db: Database;
      try {
        db = open();
      } catch (error) {
        const { message } = error as Error;
        throw new RecordsError(
          `The records at ${shown} cannot be opened (${message})`,
          'look whether the file is there and may be read, or set RECORDS_URL to where the records are',
          { cause: error },
        );
      }
      try {
        const made = await make(db);
        const records: Omit<Records, 'customerTokens' | 'signupExchanges'> = {
          ...made,
          use: (query) => readable(() => query(db)),
          write: (act) =>
            readable(() => db.transaction().execute(async (tx) => act(await locked(tx, made.kind)))),
          close: () => db.destroy(),
        };
        const customerTokens = new CustomerTokens(records, sealing);
        const signupExchanges = new SignupExchanges(records, sealing, customerTokens);
        return { ...records, customerTokens, signupExchanges };
      } catch (error) {
        await db.destroy();
        throw error;
      }
    });
  };
}

/** On SQLite a transaction is a writer's lock by itself. */
async function locked(tx: Transaction<Tables>, kind: 'sqlite' | 'postgres') {
  if (kind === 'postgres')
    await sql`select pg_advisory_xact_lock(hashtext('preverified records'))`.execute(tx);
  return tx;
}

async function bringUpToDate(
  db: Database,
  { kind, shown }: { kind: 'sqlite' | 'postgres'; shown: string },
): Promise<void> {
  const provider = { getMigrations: () => Promise.resolve(migrations(kind)) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error instanceof Error && error.message.startsWith('corrupted migrations')) {
    throw new RecordsError(
      `The records at ${shown} have been changed by a newer version of this program`,
      'deploy that version here too',
      { cause: error },
    );
  }
  if (error !== undefined) throw error as Error;
}

/** The UUID of the namespace's chain, `null` where it has none yet. */
async function findChain(db: Database, namespace: string): Promise<string | null> {
  const found = await db
    .selectFrom('chains')
    .select('id')
    .where('namespace', '=', namespace)
    .executeTakeFirst();
  return found?.id ?? null;
}

/** Of two workers that begin at once, both go by the chain that the first one made. */
async function makeChain(db: Database, namespace: string): Promise<string> {
  const id = randomUUID();
  await db
    .insertInto('chains')
    .values({ namespace, id })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await findChain(db, namespace)) ?? id;
}
