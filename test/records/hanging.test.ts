import { Client } from 'pg';
import { openRecords, type Records } from '../../records';
import { readSettings } from '../../settings';
import type { WabaId } from '../../contract/ids';
import { testDatabase, type TestDatabase } from './databases';

let database: TestDatabase;
let records: Records;
let other: Client;

beforeAll(async () => {
  database = await testDatabase('postgres');
  const env = { RECORDS_URL: `${database.url}?query_timeout=1000`, PAYLOAD_KEYS: '' };
  records = await openRecords(readSettings(['records', 'temporal', 'payloads'], env));
  other = new Client(database.url);
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await records.close();
  await database.close();
});

test('records that hang are waited for no longer than they may take, and whatever still answers does', async () => {
  const { signupExchanges, customerTokens } = records;
  await other.query('BEGIN');
  await other.query('LOCK TABLE signup_exchanges');
  const sweep = () => signupExchanges.take('2026-11-01T10:00:00.000Z', '2026-11-01T10:01:00.000Z', 100);
  // As many as there are connections.
  const asked = [sweep(), ...['a', 'b', 'c', 'd'].map((id) => signupExchanges.find(id))];
  for (const one of asked) await expect(one).rejects.toThrow(/do not answer: look what PostgreSQL waits for/);
  // None of these waits behind what still hangs.
  expect(await customerTokens.of('102290129340398' as WabaId)).toBeNull();
  await other.query('ROLLBACK');
  expect(await sweep()).toEqual([]);
});

test('a transaction that hangs ends as a whole, and leaves nothing behind', async () => {
  await other.query('BEGIN');
  await other.query('LOCK TABLE scans');
  const row = { namespace: records.namespace, id: 'hung', at: '', until: '' };
  await expect(records.write((tx) => tx.insertInto('scans').values(row).execute())).rejects.toThrow(
    /do not answer/,
  );
  await other.query('ROLLBACK');
  // Its lock is free for the next writer, too.
  await records.write((tx) =>
    tx
      .insertInto('scans')
      .values({ ...row, id: 'next' })
      .execute(),
  );
  const kept = await records.use((db) => db.selectFrom('scans').select('id').execute());
  expect(kept).toEqual([{ id: 'next' }]);
});
