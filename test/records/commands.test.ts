import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'libsql';
import type { Holding } from '../../client';
import type { Verified } from '../../records';
import { run } from '../cli/cli';
import { blocks } from '../docs/pages';
import { KeepingLaptop } from './kept';

const digits = '15550783881';
let keeping: KeepingLaptop;
let folder: string;
let publicKey: string;

const command = (...args: string[]) => run(args, keeping.laptop.env);
const json = async <Answer>(...args: string[]) => {
  const { out, err } = await command(...args, '--json');
  try {
    return JSON.parse(out) as Answer;
  } catch {
    throw new Error(err);
  }
};

beforeAll(async () => {
  const made = JSON.parse((await run(['records', 'key', '--json'], {})).out) as Record<string, string>;
  publicKey = String(made['publicKey']);
  keeping = await KeepingLaptop.start('sqlite', { RECORDS_SIGNING_KEY: String(made['signingKey']) });
  folder = await mkdtemp(path.join(tmpdir(), 'preverified-commands-'));
  await keeping.live(digits);
  await keeping.keep(1);
  expect(await command('records', 'keep', '--checkpoint')).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await keeping.close();
  await rm(folder, { recursive: true });
});

test('records verify says that all is as it was written, in a sentence and for programs', async () => {
  expect(await json<Verified>('records', 'verify')).toEqual({
    entries: 1,
    checkpoints: 2,
    unplayed: {},
    ok: true,
    faults: [],
  });
  const { code, out } = await command('records', 'verify');
  expect([code, out]).toEqual([0, '1 entries and 2 checkpoints verified: all as they were written\n']);
});

test('what is read for auditors is JSON for programs that ask for it', async () => {
  const rows = await json<object[]>('audit', digits, '--verify');
  expect(rows[0]).toMatchObject({ what: 'started', run: expect.any(String), source: 'temporal' });
  expect(await json('audit', digits, '--at', new Date().toISOString())).toMatchObject({
    phoneNumber: digits,
  });
  expect(await json('audit', digits, '--at', '2020-01-01')).toBeNull();
  expect(await json('records', 'checkpoint')).toMatchObject({ keyId: expect.any(String) });
});

test('who checks has the public key alone', async () => {
  const env = { ...keeping.laptop.env, RECORDS_SIGNING_KEY: publicKey };
  expect(await run(['records', 'verify'], env)).toMatchObject({ code: 0 });
});

test('who checks without the key of a checkpoint is told so, and not that the records were changed', async () => {
  const { RECORDS_SIGNING_KEY: key = '', ...env } = keeping.laptop.env;
  const verify = (...args: string[]) => run(['records', 'verify', ...args], env);
  const { code, out, err } = await verify();
  expect(code).toBe(1);
  const id = String(key.split(':')[0]);
  expect(out).toBe(
    `✗ checkpoints signed with the key ${id}, which RECORDS_SIGNING_KEY lacks: 2\n` +
      '1 entries and 0 checkpoints verified: all as they were written\n',
  );
  expect(err).toMatch(/^Not all could be verified: set RECORDS_SIGNING_KEY to the public keys/m);
  const { ok, faults } = JSON.parse((await verify('--json')).out) as Verified;
  expect([ok, faults.map(({ lacksKey }) => lacksKey)]).toEqual([false, [id, id]]);
  // Nor is it put on record, where doctor would speak of faults.
  const checks = await json<{ name: string; detail: string }[]>('doctor');
  expect(checks.find(({ name }) => name === 'Records verified')?.detail).toMatch(/0 faults/);
});

test('a checkpoint is taken as it is printed and as the webhook sent it; what is none is named', async () => {
  const file = path.join(folder, 'checkpoint.json');
  const printed = (await command('records', 'checkpoint')).out;
  await writeFile(file, printed);
  expect(await command('records', 'verify', '--checkpoint', file)).toMatchObject({ code: 0 });
  const data: unknown = JSON.parse(printed);
  await writeFile(file, JSON.stringify({ type: 'records.checkpoint', timestamp: '2027-01-01', data }));
  expect(await command('records', 'verify', '--checkpoint', file)).toMatchObject({ code: 0 });
  await writeFile(file, '{"seq": 1}');
  expect((await command('records', 'verify', '--checkpoint', file)).err).toContain(
    `${file} is no checkpoint`,
  );
  await writeFile(file, 'Number;State');
  expect((await command('records', 'verify', '--checkpoint', file)).err).toContain(`${file} is no JSON`);
  const none = path.join(folder, 'none.json');
  expect((await command('records', 'verify', '--checkpoint', none)).err).toBe(`there is no file ${none}\n`);
});

test('records who says of a number with a typo that it is none, and not that nobody had it', async () => {
  expect(await command('records', 'who', '+1555078388')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^\+1555078388 is not a phone number: it has too few digits/),
  });
  expect((await command('records', 'who', 'nobody')).out).toBe(
    'nobody, as far as is known: no number, WABA or customer "nobody" was found\n',
  );
});

test('records who tells who has the number', async () => {
  expect(await json<Holding[]>('records', 'who', `+${digits}`)).toEqual([
    {
      phoneNumber: digits,
      wabaId: expect.any(String),
      phoneNumberId: expect.any(String),
      customerId: 'lucky-shrub',
      from: expect.any(String),
      to: null,
      state: 'Registered',
      source: 'signup',
    },
  ]);
});

test('a backup that is made while workers write is whole, and verifies in the place of the records', async () => {
  const file = path.join(folder, 'backup.db');
  expect(await command('records', 'backup', file)).toMatchObject({ code: 0 });
  const restored = { ...keeping.laptop.env, RECORDS_URL: `sqlite:${file}` };
  expect(await run(['records', 'verify'], restored)).toMatchObject({ code: 0 });
  expect(await command('records', 'backup', file)).toMatchObject({ code: 1 });
});

describe('what is exported', () => {
  let out: string;
  let script: string;
  beforeAll(async () => {
    out = path.join(folder, 'export');
    script = path.join(folder, 'verify.mjs');
    await writeFile(script, String(blocks('docs/records.md', 'js')[0]));
    expect(await command('records', 'export', '--out', out)).toMatchObject({ code: 0 });
  });

  const prove = (...keys: string[]) =>
    execFileSync(process.execPath, [script, out, ...keys], { encoding: 'utf8', stdio: 'pipe' });

  test('is audited without any database', async () => {
    const [line = ''] = (await readFile(path.join(out, 'entries.jsonl'), 'utf8')).split('\n');
    const { header } = JSON.parse(line) as { header: string };
    const { runId } = JSON.parse(header) as { runId: string };
    const file = path.join(out, 'histories', `${runId}.json`);
    expect(await command('audit', '--file', file, '--verify')).toMatchObject({ code: 0 });
  });

  test('is proved by the script of docs/records.md, and what is changed is not', async () => {
    expect(() => prove()).toThrow(/a checkpoint needs the public key \S+, which was not named/);
    expect(prove(publicKey)).toBe('1 entries are as they were written\n');
    const entries = path.join(out, 'entries.jsonl');
    const before = readFileSync(entries, 'utf8');
    await writeFile(entries, before.replace('lucky-shrub', 'mallory'));
    expect(() => prove(publicKey)).toThrow(/entry 1 is not as it was written/);
    await writeFile(entries, '');
    expect(() => prove(publicKey)).toThrow(/signed for is not as it was written/);
    await writeFile(entries, before);
  });
});

test('doctor says where records are, and when they were verified', async () => {
  const checks = await json<{ name: string; outcome: string; detail: string }[]>('doctor');
  const found = Object.fromEntries(checks.map((check) => [check.name, check]));
  expect(found['Records']).toMatchObject({
    outcome: 'ok',
    detail: expect.stringMatching(/^1 entries at sqlite:.*can be written/),
  });
  expect(found['Records up to date']).toMatchObject({ outcome: 'ok' });
  expect(found['Records verified']).toMatchObject({
    outcome: 'ok',
    detail: expect.stringMatching(/0 faults/),
  });
});

test('the whole life is told after Temporal has forgotten it, and says that it is from records', async () => {
  await keeping.forget(digits);
  const { code, out, err } = await command('audit', digits, '--verify');
  expect(code).toBe(0);
  expect(err).toMatch(/from the records\n.*agrees with the chart/);
  expect(out).toContain('registerNumber');
  expect((await command('pin', digits, '--by', 'alice')).out).toMatch(/^\d{6}\n$/);
  expect((await command('pin', digits, '--by', 'bob')).err).toMatch(/was read by alice/);
});

test('add refuses a number that the records know to be held, before anything is begun; with --again Meta decides', async () => {
  const { code, out, err } = await command('add', digits, '15550783882', '--no-request-code');
  expect([code, out]).toEqual([1, '1 added, 0 there already, 1 not added\n']);
  expect(err).toMatch(
    /^\+15550783881 was not added: it is with the customer lucky-shrub on WABA \d+ since \d{4}-\S+, as the records know\. If it was given back, put that on record \("preverified records release \+15550783881/m,
  );
  await expect(keeping.pool.get(digits)).rejects.toMatchObject({ type: 'UnknownNumber' });
  expect(await command('add', digits, '--again')).toMatchObject({ code: 0 });
  expect((await keeping.pool.waitFor(digits, 'Rejected')).problem).toMatchObject({ code: 'Held' });
  // Its PIN is still that of the life before.
  expect((await command('pin', digits, '--by', 'bob')).err).toMatch(/was read by alice/);
});

test('who had a number at a date ends where it was given back, and nothing is said of days to come', async () => {
  const number = '15550783884';
  await keeping.live(number, 'acme');
  await keeping.keep(2);
  const before = new Date().toISOString();
  const released = await command('records', 'release', number, '--reason', 'the letter of 3 May');
  expect(released.out).toContain(`"preverified add +${number} --again"`);
  // A time without a zone is UTC, as all that is printed, wherever the reader is.
  const away = { ...keeping.laptop.env, TZ: 'Asia/Tokyo' };
  const then = await run(['audit', number, '--at', before.replace('Z', '')], away);
  expect(then.out).toMatch(
    / was Registered: WABA \d+ had it for the customer acme, claimed on .* reported by signup\.\n/,
  );
  const later = await command('audit', number, '--at', '2999-01-01');
  expect(later.out).toMatch(
    /had it for the customer acme, .*; that ended on \d{4}-.* UTC, as the records know\.\n/,
  );
  expect(later.out).not.toContain('2999');
  expect(later.err).toContain('2999-01-01 00:00 UTC has not come yet');
});

test('a number that was given back begins a new life in its other written form, too', async () => {
  const { pool, laptop } = keeping;
  const number = '5511987654399';
  await keeping.live(number, 'acme');
  await keeping.keep(3);
  await command('records', 'release', number, '--reason', 'the letter of 4 May');
  await laptop.sim.deletePhoneNumber(number, await pool.readPin(number, 'test'));
  const other = '+55 11 8765-4399';
  expect(await command('add', other, '--again', '--no-request-code')).toMatchObject({
    out: '1 added, 0 there already, 0 not added\n',
  });
  const again = { phoneNumber: '551187654399', state: 'Added' };
  expect(await pool.waitUntil(other, ({ phase }) => phase === 'waiting')).toMatchObject(again);
  expect(await pool.get(number)).toMatchObject(again);
});

test('where no records can be reached, add leaves it to the worker', async () => {
  const env = { ...keeping.laptop.env, RECORDS_URL: `sqlite:${path.join(folder, 'none.db')}` };
  expect(await run(['add', '15550783883', '--no-request-code'], env)).toMatchObject({ code: 0 });
});

test('records verify names what was changed, and ends with 1', async () => {
  const database = new Sqlite(keeping.database.file!);
  database.exec('drop trigger entries_no_update');
  database.exec(`update entries set header = replace(header, 'lucky-shrub', 'mallory')`);
  database.close();
  const { code, out, err } = await command('records', 'verify');
  expect(code).toBe(1);
  expect(out).toMatch(/^✗ entry 1 \(run [\w-]+\): its text is not that of its hash: it was changed/);
  expect(err).toMatch(/The records are not as they were written/);
});

test('records export names an entry that cannot be read, ends with 1, and has all in the folder', async () => {
  const database = new Sqlite(keeping.database.file!);
  database.exec(`update entries set header = 'no JSON' where seq = 1`);
  database.close();
  const out = path.join(folder, 'damaged');
  const { code, err } = await command('records', 'export', '--out', out);
  expect(code).toBe(1);
  expect(err).toMatch(/^entry 1 of the records cannot be read: its text is not that of an entry$/m);
  expect(err).toMatch(/All is in the folder, but what is named above cannot be read/);
  const lines = readFileSync(path.join(out, 'entries.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(1);
  expect(readFileSync(path.join(out, 'histories', 'entry-1.gz')).length).toBeGreaterThan(100);
});

test('an entry that cannot be read is shown by audit beside the sound lives, and a PIN is refused with it at once', async () => {
  const { code, out, err } = await command('audit', digits, '--verify', '--format', 'markdown');
  expect(code).toBe(1);
  expect(out).toMatch(
    /\| records \| cannot be read \| {2}\| entry 1 of the records cannot be read: its text is not/,
  );
  expect(out).toMatch(/\| started \|/);
  expect(err).toMatch(/run [\w-]+: could not be verified: entry 1 of the records cannot be read/);
  expect((await command('pin', digits, '--by', 'bob')).err).toMatch(
    /^entry 1 of the records cannot be read: its text/,
  );
});
