import { MockActivityEnvironment } from '@temporalio/testing';
import { sql, type RawBuilder } from 'kysely';
import Sqlite from 'libsql';
import { readingConverter } from '../../audit';
import { keepRecords } from '../../client/records/keep-records';
import type { RecordsActivities } from '../../contract/records-activities';
import { knownRuns, type Records } from '../../records';
import { findLateness } from '../../worker/records/lateness';
import { createRecordsActivities } from '../../worker/records/records-activities';
import { KeepingLaptop } from './kept';

type Keep = Parameters<RecordsActivities['keepPage']>[0];
type Kept = Awaited<ReturnType<RecordsActivities['keepPage']>>;

const HOUR = 60 * 60 * 1000;
let numbers = 0;
let keeping: KeepingLaptop;
let records: Records;

const start = async (kind: 'sqlite' | 'postgres') => {
  keeping = await KeepingLaptop.start(kind);
  records = await keeping.open();
};
const stop = async () => {
  await records.close();
  await keeping.close();
};

/** A run that has closed, and that Temporal's list shows. */
async function closedRun(): Promise<string> {
  const digits = `155507802${String(++numbers).padStart(2, '0')}`;
  const { client } = keeping.laptop.connected;
  await keeping.pool.add(digits, { automation: { requestCode: false } });
  const handle = client.workflow.getHandle(`number:${digits}`);
  await handle.terminate('a test');
  const query = `WorkflowId = 'number:${digits}' AND ExecutionStatus = 'Terminated'`;
  while ((await client.workflow.count(query)).count === 0);
  return (await handle.describe()).runId;
}
const isKept = async (runId: string) => (await knownRuns(records, [runId])).has(runId);
const allAsWritten = async () =>
  expect(await keeping.verify(records)).toMatchObject({ ok: true, faults: [] });

/**
 * Has runs kept as `records keep` does, and ends the fault once it is told and alerted.
 *
 * @returns how many were kept
 */
async function mendedOnceTold(says: RegExp, mend: () => unknown): Promise<number> {
  const { client } = keeping.laptop.connected;
  const alertAndMend = async () => {
    // Half of the retention later.
    const [alert] = await findLateness(client, records, Date.now() + 13 * HOUR);
    await mend();
    return alert?.event;
  };
  let alerted: ReturnType<typeof alertAndMend> | undefined;
  const { kept } = await keepRecords(client, {}, (line) => {
    if (says.test(line)) alerted ??= alertAndMend();
  });
  expect(await alerted).toMatchObject({
    type: 'warning.records_late',
    data: { reason: expect.stringMatching(says) },
  });
  return kept;
}

describe('on SQLite', () => {
  beforeAll(() => start('sqlite'));
  afterAll(stop);

  // By SQLite's own limits on a connection: the faults are those of a disk without room and a file without the right to write.
  test.each<[string, RawBuilder<unknown>, RawBuilder<unknown>, RegExp]>([
    [
      'a full disk',
      sql`PRAGMA max_page_count = 1`,
      sql`PRAGMA max_page_count = 1000000`,
      /have no room: the disk is full: make room/,
    ],
    [
      'a database that may not be written',
      sql`PRAGMA query_only = ON`,
      sql`PRAGMA query_only = OFF`,
      /cannot be written: let this user write there/,
    ],
  ])('%s: the writer says so, and the run is kept afterwards', async (_, begin, end, says) => {
    const { client } = keeping.laptop.connected;
    const keeper = { client, records, signingKeys: [], converter: readingConverter(keeping.settings) };
    const activities = createRecordsActivities({ ...keeper, webhooks: false });
    const progress = { startedAt: Date.now(), window: null, after: null, found: 0, kept: 0 };
    const keep = () =>
      new MockActivityEnvironment().run<[Keep], Kept, (input: Keep) => Promise<Kept>>(
        (input) => activities.keepPage(input),
        { progress: { ...progress, lost: [], disagreeing: 0 } },
      );
    const runs = await Promise.all(Array.from({ length: 5 }, closedRun));

    await records.use((db) => begin.execute(db));
    await expect(keep()).rejects.toMatchObject({ type: 'RecordsUnavailable', message: says });
    for (const run of runs) expect(await isKept(run)).toBe(false);

    await records.use((db) => end.execute(db));
    expect((await keep()).done).toBe(true);
    for (const run of runs) expect(await isKept(run)).toBe(true);
    await allAsWritten();
  });

  test('a file that another process has locked: whoever waits is told, and the run is kept afterwards', async () => {
    const run = await closedRun();
    const other = new Sqlite(keeping.database.file!);
    other.exec('BEGIN IMMEDIATE');
    const kept = await mendedOnceTold(/are locked by another process/, () => other.exec('ROLLBACK'));
    other.close();
    expect(kept).toBeGreaterThan(0);
    expect(await isKept(run)).toBe(true);
    await allAsWritten();
  });
});

describe('on PostgreSQL', () => {
  beforeAll(() => start('postgres'));
  afterAll(stop);

  const owner = (statement: string) => keeping.database.postgres!.query('records', statement);
  const setReadOnly = async (how: 'on' | 'off') => {
    await keeping.database.postgres!.query(
      'postgres',
      `ALTER DATABASE records SET default_transaction_read_only = ${how}`,
    );
    // It holds for connections that begin later.
    await owner(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'preverified'`,
    );
  };

  test.each<[string, () => Promise<unknown>, () => Promise<unknown>, RegExp]>([
    [
      'a database that is read-only',
      () => setReadOnly('on'),
      () => setReadOnly('off'),
      /cannot be written: let this user write there/,
    ],
    [
      'a full disk, by the error that PostgreSQL has for it',
      () =>
        owner(
          `CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
           CREATE TRIGGER fill BEFORE INSERT ON entries EXECUTE FUNCTION fill()`,
        ),
      () => owner('DROP FUNCTION fill CASCADE'),
      /have no room: the disk is full: make room/,
    ],
  ])('%s: whoever waits is told, and the run is kept afterwards', async (_, begin, end, says) => {
    const run = await closedRun();
    await begin();
    const kept = await mendedOnceTold(says, end);
    expect(kept).toBeGreaterThan(0);
    expect(await isKept(run)).toBe(true);
    await allAsWritten();
  });
});
