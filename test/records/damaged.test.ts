import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporal } from '@temporalio/proto';
import { readingConverter } from '../../audit';
import { keptRegistration } from '../../audit/kept-registration';
import { eventsOf } from '../../audit/kept-run';
import { exportRecords } from '../../cli/records/export';
import {
  appendRelease,
  appendRuns,
  keptRuns,
  openRecords,
  opened,
  signCheckpoint,
  type ClosedRun,
  type Records,
} from '../../records';
import { headerOf } from '../../records/chain';
import { readSettings } from '../../settings';
import { readSigningKey } from '../../settings/signing-keys';
import { asActivityFailure } from '../../worker/records/records-activities';
import { testDatabase, type TestDatabase } from './databases';
import { signingKey } from './signing-key';

const digits = '15550783881';
const { History } = temporal.api.history.v1;
const { Payload } = temporal.api.common.v1;
const sound = gzipSync(History.encode({ events: [{ eventTime: { seconds: 1 } as never }] }).finish());

const life = (runId: string, history: Uint8Array = sound): ClosedRun => ({
  run: {
    ...{ runId, firstRunId: runId, workflowId: `number:${digits}`, workflowType: 'numberLifecycle' },
    ...{ status: 'COMPLETED', startedAt: '2026-01-10T00:00:00.000Z', closedAt: '2026-01-11T00:00:00.000Z' },
    ...{ facts: null, agrees: true },
  },
  history,
  record: Buffer.from('record'),
});

let database: TestDatabase;
let records: Records;
let folder: string;

beforeEach(async () => {
  database = await testDatabase('sqlite');
  records = await openRecords(
    readSettings(['records', 'temporal', 'payloads'], { RECORDS_URL: database.url }),
  );
  folder = await mkdtemp(path.join(tmpdir(), 'preverified-damaged-'));
});
afterEach(async () => {
  await records.close();
  await database.close();
  await rm(folder, { recursive: true });
});

/** As somebody does who may do all in the database. */
async function forge(seq: number, change: { header?: string; history?: Uint8Array }): Promise<void> {
  const trigger = 'drop trigger if exists entries_no_update';
  const { sql } = await import('kysely');
  await sql.raw(trigger).execute(records.db);
  await records.db.updateTable('entries').set(change).where('seq', '=', seq).execute();
}

describe('an export', () => {
  test('writes nowhere but into its folder, whatever run an entry says it is of', async () => {
    await appendRuns(records, [life('../../outside'), life('/tmp/preverified-outside'), life('a-run')]);
    const out = path.join(folder, 'a', 'b', 'export');
    const { faults } = await exportRecords(records, out);
    expect(faults).toEqual([
      'entry 1 of the records has a history, and no run that it could be of',
      'entry 2 of the records has a history, and no run that it could be of',
    ]);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(
      [
        ...['a', 'a/b', 'a/b/export', 'a/b/export/checkpoints.jsonl', 'a/b/export/entries.jsonl'],
        'a/b/export/histories',
        ...['a-run', 'entry-1', 'entry-2'].flatMap((name) =>
          ['gz', 'json'].map((kind) => `a/b/export/histories/${name}.${kind}`),
        ),
      ].sort(),
    );
    expect(existsSync('/tmp/preverified-outside.gz')).toBe(false);
  });

  test('has every entry and checkpoint, though one of the first is none and one has no history in it', async () => {
    await appendRuns(records, [
      ...[life('first'), life('second'), life('third', Buffer.from('no history')), life('fourth')],
    ]);
    await appendRelease(records, { phoneNumber: digits, by: 'test', reason: 'a test' });
    await signCheckpoint(records, [readSigningKey(signingKey('r1'))!]);
    await forge(1, { header: 'no JSON' });
    await forge(2, { header: headerOf({ chain: 'x', seq: 2, prev: 'x', recordedAt: 'x' }, null!).header });
    const out = path.join(folder, 'export');
    const answer = await exportRecords(records, out);
    expect(answer).toMatchObject({ entries: 5, checkpoints: 1 });
    expect(answer.faults).toEqual([
      'entry 1 of the records cannot be read: its text is not that of an entry',
      'entry 2 of the records cannot be read: its text is not that of an entry',
      expect.stringMatching(/^entry 3 of the records has a history that cannot be read: .*header/),
    ]);
    const lines = (file: string) => readFileSync(path.join(out, file), 'utf8').trimEnd().split('\n');
    expect(lines('entries.jsonl').map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([
      ...[1, 2, 3, 4, 5],
    ]);
    expect(lines('checkpoints.jsonl')).toHaveLength(1);
    expect(readdirSync(path.join(out, 'histories')).sort()).toEqual([
      ...['entry-1.gz', 'entry-1.json', 'entry-2.gz', 'entry-2.json', 'fourth.gz', 'fourth.json', 'third.gz'],
    ]);
    expect(readFileSync(path.join(out, 'histories', 'third.gz'), 'utf8')).toBe('no history');
  });

  test('is its maker’s alone', async () => {
    await appendRuns(records, [life('a-run')]);
    const out = path.join(folder, 'export');
    await exportRecords(records, out);
    const modes = readdirSync(out, { recursive: true }).map((name) => {
      const found = statSync(path.join(out, String(name)));
      return [found.isDirectory(), (found.mode & 0o777).toString(8)];
    });
    expect(modes).toHaveLength(5);
    for (const [isFolder, mode] of modes) expect(mode).toBe(isFolder ? '700' : '600');
  });

  test('that cannot be written says so in a sentence', async () => {
    await appendRuns(records, [life('a-run')]);
    await expect(exportRecords(records, '/dev/full/export')).rejects.toThrow(
      /^The export into \/dev\/full\/export is not complete: .* Make room there, or name another folder/,
    );
  });
});

describe('of a number one of whose entries cannot be read', () => {
  const converter = readingConverter(readSettings(['payloads'], {}));
  const registered = (runId: string, startedAt: string): ClosedRun => {
    const { run, ...kept } = life(runId);
    const facts = { phoneNumber: digits, portfolioId: null, state: 'Registered' as const, claim: null };
    return { ...kept, run: { ...run, startedAt, facts }, record: Payload.encode(nothing).finish() };
  };
  const nothing = { metadata: { encoding: Buffer.from('binary/null') } };
  const read = () => keptRegistration(records, converter, { phoneNumber: digits, withPin: true });

  test('the sound runs are read, and the other one is named', async () => {
    await appendRuns(records, [
      life('first'),
      life('second'),
      life('third', gzipSync('none')),
      life('fourth'),
    ]);
    await forge(1, { header: '{"kind":"run"}' });
    await forge(2, { history: Buffer.from('no history') });
    const { runs, damaged } = await keptRuns(records, [`number:${digits}`], eventsOf);
    expect(runs.map(({ entry }) => entry.runId)).toEqual(['fourth']);
    expect(damaged.map(({ runId, entry }) => [runId, entry?.runId])).toEqual([
      ...[
        ['first', undefined],
        ['second', 'second'],
        ['third', 'third'],
      ],
    ]);
    expect(damaged.map(({ what }) => what)).toEqual(
      [1, 2, 3].map((seq) =>
        expect.stringMatching(
          new RegExp(
            `^entry ${String(seq)} of the records cannot be read: .* \\("preverified records verify"`,
          ),
        ),
      ),
    );
  });

  test('the PIN is read where a sound life came after it, and is not where it may be the last', async () => {
    await appendRuns(records, [
      registered('first', '2026-01-10T00:00:00.000Z'),
      registered('second', '2026-02-10T00:00:00.000Z'),
    ]);
    expect(await read()).toMatchObject({ firstRunId: 'second' });
    await forge(1, { header: 'no JSON' });
    expect(await read()).toMatchObject({ firstRunId: 'second' });
    await forge(2, { header: 'no JSON' });
    await expect(read()).rejects.toThrow(/^entry 2 of the records cannot be read: /);
    await expect(asActivityFailure(read)).rejects.toMatchObject({ type: 'Unreadable', nonRetryable: true });
  });

  test('a record that is none is told of its entry', async () => {
    const { run, ...kept } = registered('first', '2026-01-10T00:00:00.000Z');
    await appendRuns(records, [{ ...kept, run, record: Buffer.from('no record') }]);
    await expect(read()).rejects.toThrow(/^entry 1 of the records cannot be read: its record is none/);
  });
});

test('a history that would fill the memory is not opened', () => {
  const part = gzipSync(Buffer.alloc(2 ** 20));
  const bomb = Buffer.concat(Array<Buffer>(257).fill(part));
  expect(() => opened(bomb)).toThrow(/larger than/);
});
