import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MockActivityEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import Sqlite from 'libsql';
import { readingConverter } from '../../audit';
import { keptRegistration } from '../../audit/kept-registration';
import { keepPage } from '../../worker/records/keep-page';
import { findLateness } from '../../worker/records/lateness';
import { startWorker } from '../../worker';
import {
  appendRelease,
  endScan,
  findHoldings,
  headOf,
  keptUntil,
  openRecords,
  readCheckpoints,
  releaseHeld,
  type Records,
} from '../../records';
import { createGraphClient } from '../../activities/graph';
import type { PortfolioId, WabaId } from '../../contract/ids';
import type { KeepProgress } from '../../contract/records-activities';
import { needs, readSettings } from '../../settings';
import { readSigningKey } from '../../settings/signing-keys';
import { portfolioId } from '../client/laptop';
import { until } from '../signup/until';
import { testDatabase, type TestDatabase } from './databases';
import { KeepingLaptop } from './kept';

const digits = '15550783881';
let keeping: KeepingLaptop;
let records: Records;

beforeAll(async () => {
  keeping = await KeepingLaptop.start('sqlite');
  await keeping.live(digits);
  await keeping.keep(1);
  records = await keeping.open();
});
afterAll(async () => {
  await records.close();
  await keeping.close();
});

const settingsWith = (RECORDS_URL: string) =>
  readSettings(needs.worker, { ...keeping.laptop.env, RECORDS_URL });

test('a worker that would write to other records of the namespace refuses to start', async () => {
  const other = await testDatabase('sqlite');
  await expect(startWorker(settingsWith(other.url))).rejects.toThrow(
    /has other records than those at sqlite:.*RECORDS_URL as its other workers/,
  );
  await other.close();
});

test('a worker that is older than the tables says so and stops', async () => {
  const newer = await testDatabase('sqlite');
  await (await openRecords(settingsWith(newer.url))).close();
  const database = new Sqlite(newer.file!);
  database.exec(`insert into kysely_migration values ('9999-later', '2030-01-01T00:00:00.000Z')`);
  database.close();
  await expect(openRecords(settingsWith(newer.url))).rejects.toThrow(
    /changed by a newer version of this program/,
  );
  await newer.close();
});

test('records that another process has locked are said to be, and nothing is lost', async () => {
  const database = new Sqlite(keeping.database.file!);
  database.exec('BEGIN IMMEDIATE');
  await expect(endScan(records, Date.now())).rejects.toThrow(/are locked by another process/);
  database.exec('ROLLBACK');
  await endScan(records, Date.now());
  database.close();
});

test('a full disk and a database that may not be written are said to be, and nothing is lost', async () => {
  const write = () => appendRelease(records, { phoneNumber: '1', by: 'alice', reason: 'x'.repeat(100_000) });
  await records.use((db) => sql`PRAGMA max_page_count = 1`.execute(db));
  await expect(write()).rejects.toThrow(/have no room: the disk is full: make room/);
  await records.use((db) => sql`PRAGMA max_page_count = 1000000`.execute(db));
  await records.use((db) => sql`PRAGMA query_only = ON`.execute(db));
  await expect(write()).rejects.toThrow(/cannot be written: let this user write there/);
  await records.use((db) => sql`PRAGMA query_only = OFF`.execute(db));
  await write();
  expect(await keeping.verify(records)).toMatchObject({ ok: true });
});

test('the PIN outlives the history in Temporal, and is shown once', async () => {
  const { pool } = keeping;
  await keeping.forget(digits);
  await expect(pool.get(digits)).rejects.toMatchObject({ type: 'UnknownNumber' });
  expect(await pool.readPin(digits, 'alice')).toMatch(/^\d{6}$/);
  await expect(pool.readPin(digits, 'bob')).rejects.toThrow(/was read by alice/);
});

test('who read the PIN is known when Temporal has forgotten the reading too', async () => {
  await keeping.keepRun('pinReading');
  await keeping.forgetAll('pinReading');
  await expect(keeping.pool.readPin(digits, 'bob')).rejects.toThrow(/was read by alice on \d{4}-/);
});

test('another PIN is set on a number that records alone know, and who set it stays on record', async () => {
  const { laptop, pool } = keeping;
  const pin = await pool.setPin(digits, 'carol');
  const { phoneNumberId } = (await pool.history(digits))[0]!;
  const registersWith = async (it: string) => {
    const url = `${laptop.sim.url}/v24.0/${phoneNumberId!}/register?messaging_product=whatsapp&pin=${it}`;
    return (await fetch(url, { method: 'POST', headers: { authorization: 'Bearer EAAJB' } })).status;
  };
  expect(await registersWith(pin)).toBe(200);
  expect(await registersWith(pin === '111111' ? '222222' : '111111')).toBe(400);
  await expect(pool.readPin(digits, 'bob')).rejects.toThrow(/A new PIN of \+\d+ was set by carol on \d{4}-/);
  await keeping.keepRun('pinSetting');
  const { loadedDataConverter } = laptop.connected.client.options;
  expect(
    await keptRegistration(records, loadedDataConverter, { phoneNumber: digits, withPin: false }),
  ).toMatchObject({ pin: null, read: { by: 'alice' }, set: { by: 'carol' } });
});

test('a PIN of a number that nobody knows, nor the records, is not asked for in vain', async () => {
  await expect(keeping.pool.readPin('15550783889', 'bob')).rejects.toMatchObject({ type: 'UnknownNumber' });
  await expect(keeping.pool.setPin('15550783889', 'bob')).rejects.toMatchObject({ type: 'UnknownNumber' });
});

test('a number that a customer has is not added again, though Temporal has forgotten it', async () => {
  await keeping.pool.add(digits);
  const { problem } = await keeping.pool.waitFor(digits, 'Rejected');
  expect(problem?.code).toBe('Held');
  expect(problem?.message).toMatch(/is with the customer lucky-shrub on WABA \d+ since \d{4}-/);
  await appendRelease(records, { phoneNumber: digits, by: 'alice', reason: 'a test' });
  await keeping.pool.add(digits);
  // From here on it is for Meta to say.
  const again = await keeping.pool.waitFor(digits, 'Rejected');
  expect(again.problem?.code).not.toBe('Held');
  const [first] = await keeping.pool.history(digits);
  expect(first).toMatchObject({ customerId: 'lucky-shrub', to: expect.stringMatching(/^\d{4}-/) as string });
});

test('digits that the pool has given are a number to whoever asks the records, though they may be one of two countries', async () => {
  // Of Singapore; with a 1 before it, of North America.
  const doubtful = '6592345641';
  const { pool } = keeping;
  await keeping.live(`+${doubtful}`);
  await keeping.keep(3);
  await keeping.forget(doubtful);
  await expect(pool.get(doubtful)).rejects.toThrow(/its country code is missing/);
  expect(await pool.history(doubtful)).toMatchObject([{ phoneNumber: doubtful, to: null }]);
  expect(await pool.readPin(doubtful, 'alice')).toMatch(/^\d{6}$/);
  await expect(pool.history('2025550147')).rejects.toThrow(/its country code is missing/);
});

test('records that fall half of the retention behind are alerted', async () => {
  const { client } = keeping.laptop.connected;
  expect(await findLateness(client, records, Date.now())).toEqual([]);
  const [alert] = await findLateness(client, records, Date.now() + 13 * 60 * 60 * 1000);
  expect(alert?.event).toMatchObject({ type: 'warning.records_late', data: { namespace: 'default' } });
});

test('a number that Meta shows in the pool again is no longer with its former customer, as the records know', async () => {
  const { pool, laptop } = keeping;
  const number = '15550783885';
  await keeping.live(number, 'acme');
  const before = await until(async () => {
    await keeping.keep(1);
    return (await findHoldings(records, { phoneNumber: number }))[0];
  });
  expect(before).toMatchObject({ customerId: 'acme', to: null });
  await laptop.sim.deletePhoneNumber(number, await pool.readPin(number, 'test'));
  const { url: baseUrl } = laptop.sim;
  const graph = createGraphClient({ baseUrl, version: 'v24.0', accessToken: 'EAAJB' });
  await graph.addPhoneNumber(portfolioId as PortfolioId, number);

  await keeping.forget(number);
  await pool.add(number, { automation: { requestCode: false } });
  await pool.waitUntil(number, ({ phase }) => phase === 'waiting');
  expect(await findHoldings(records, { phoneNumber: number })).toEqual([
    { ...before, to: expect.any(String) as string },
  ]);
  const { seq } = await headOf(records, records.db);
  // An attempt whose answer was lost is made again.
  await releaseHeld(records, before, { by: 'Meta', reason: 'Meta shows the number in the pool' });
  expect((await headOf(records, records.db)).seq).toBe(seq);
  expect(await keeping.verify(records)).toMatchObject({ ok: true });
});

describe('one search for closed runs', () => {
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });

  /** As the activity does it, on records of its own. */
  async function search(startedAt: number, open: Records, signed: boolean) {
    const { client } = keeping.laptop.connected;
    const signingKeys = signed ? [readSigningKey(`r1:${key.toString('base64')}`)!] : [];
    const keeper = { client, records: open, signingKeys, converter: readingConverter(keeping.settings) };
    const begun = { startedAt, window: null, after: null, found: 0, kept: 0, lost: [], disagreeing: 0 };
    return new MockActivityEnvironment().run<[KeepProgress], Kept, (progress: KeepProgress) => Promise<Kept>>(
      (progress) => keepPage({ ...keeper, webhooks: true }, { progress, checkpoint: signed }),
      begun,
    );
  }
  type Kept = Awaited<ReturnType<typeof keepPage>>;

  test('sends the head that it signed, though the clock of the worker is behind that of the server', async () => {
    const database = await testDatabase('sqlite');
    const open = await openRecords(settingsWith(database.url));
    const startedAt = Date.now() + 60_000;
    const first = await search(startedAt, open, true);
    expect(first.events).toMatchObject([{ type: 'records.checkpoint' }]);
    // Once more, as a repeat of the activity: the same head is sent, and not signed again.
    expect((await search(startedAt, open, true)).events).toEqual(first.events);
    expect(await readCheckpoints(open)).toHaveLength(1);
    await open.close();
    await database.close();
  });

  test('looks at all that Temporal has once a day, whether heads are signed or not', async () => {
    const database = await testDatabase('sqlite');
    const open = await openRecords(settingsWith(database.url));
    const hour = 60 * 60 * 1000;
    const day = 24 * hour;
    const from = async () => (await search(Date.now(), open, false)).progress.window;
    expect(await from()).toMatchObject({ from: 0 });
    const last = await keptUntil(open);
    const next = await from();
    // The day may end meanwhile.
    const another = Math.floor(last! / day) !== Math.floor(next!.until / day);
    expect(next).toMatchObject({ from: another ? 0 : last! - hour });
    await open.close();
    await database.close();
  });

  test('looks at all of it where the last search was on the day before', async () => {
    const database = await testDatabase('sqlite');
    const open = await openRecords(settingsWith(database.url));
    await endScan(open, Math.floor(Date.now() / 86_400_000) * 86_400_000 - 1);
    expect((await search(Date.now(), open, false)).progress.window).toMatchObject({ from: 0 });
    await open.close();
    await database.close();
  });
});

describe('on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase('postgres');
  });
  afterAll(() => database.close());

  test('a role with the rights that the manual names is enough for a worker, and may change nothing that is kept for good', async () => {
    const owner = await openRecords(settingsWith(database.url));
    await owner.close();
    const [, rights = ''] = /```sql\n([^`]+)```/.exec(readFileSync('docs/records.md', 'utf8')) ?? [];
    await database.postgres!.query('records', rights.replace('…', 'x'));
    const url = database.url.replace(/\/\/[^@]*@/, '//preverified_worker:x@');
    const worker = await openRecords(settingsWith(url));
    await appendRelease(worker, { phoneNumber: digits, by: 'alice', reason: 'a test' });
    expect(await worker.use((db) => headOf(worker, db))).toMatchObject({ seq: 1 });
    const tables = ['entries', 'holdings', 'releases', 'checkpoints', 'scans', 'verifications'] as const;
    for (const table of tables)
      await expect(worker.use((db) => db.deleteFrom(table).execute())).rejects.toThrow(
        /permission|cannot be written/,
      );

    const [wabaId, at] = ['102290129340398' as WabaId, '2026-11-01T10:00:00.000Z'];
    const tokens = worker.customerTokens;
    const token = {
      businessId: null,
      customerId: null,
      token: 'EAA',
      scopes: [],
      expiresAt: null,
      by: 'alice',
    };
    await tokens.keep({ wabaId, at, ...token });
    expect(await tokens.invalid({ wabaId, keptAt: at }, 'refused', at)).toBe(true);
    await tokens.destroy(wabaId, at);
    expect(await tokens.of(wabaId)).toBeNull();

    const exchanges = worker.signupExchanges;
    const code = { id: 'hash', session: 's', customerId: 'acme', phoneNumber: digits, named: [wabaId], at };
    await exchanges.keep(code, 'EAA');
    expect(await exchanges.take(at, at, 1)).toHaveLength(1);
    await exchanges.giveUp('hash', 'no WABA was found');
    await exchanges.forget('2026-11-02T10:00:00.000Z');
    expect(await exchanges.find('hash')).toBeNull();
    await worker.close();
  });

  test('a database that is gone is said to be, and served again when it is back', async () => {
    const open = await openRecords(settingsWith(database.url));
    let begun = (): void => undefined;
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    // A connection that breaks in use must not end the process.
    const midway = open.write((tx) => {
      begun();
      return sql`select pg_sleep(60)`.execute(tx);
    });
    await isBegun;
    await Promise.all([
      expect(midway).rejects.toThrow(/cannot be reached/),
      database.postgres!.restart('immediate'),
    ]);
    const write = () => endScan(open, Date.now());
    // The first one meets a connection that is broken.
    await write().catch((error: unknown) => expect((error as Error).message).toMatch(/cannot be reached/));
    await write();
    await open.close();
  });
});
