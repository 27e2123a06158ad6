import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import pLimit from 'p-limit';
import { commandLine } from '../../cli/program';
import { Laptop, waba } from '../client/laptop';
import { newKey } from '../keys/key-pool';
import { ownRecords } from '../support/own-records';
import { ownNamespace, type TestServer } from '../support/servers';
import { ready, run, start, type Answer } from './cli';

/** What a command says, on both streams, and its exit code; of one that runs until it is stopped, its first line. */
interface Said {
  code: number;
  says: RegExp;
}

const said = (code: number, says: RegExp): Said => ({ code, says });

const unreachable = said(
  1,
  /^Temporal cannot be reached at 127\.0\.0\.1:1 \(without TLS\): start it there, .* or set TEMPORAL_ADDRESS and TEMPORAL_TLS/m,
);
const unanswered = (message: string) =>
  said(
    1,
    new RegExp(
      `\\+\\d+ has not answered ${message}(: nobody works on it now| within 60 seconds; it may still do so)\\. Is a worker running \\("preverified worker"\\)\\?`,
    ),
  );
const notWritten = {
  noKeys: said(
    1,
    /^Nothing was written: the pool is encrypted with the key k1, and PAYLOAD_KEYS is empty: set PAYLOAD_KEYS to the key ring of the workers, or say --in-clear/m,
  ),
  foreignKeys: said(
    1,
    /^Nothing was written: the pool is encrypted with the key k1, and PAYLOAD_KEYS has only old: set PAYLOAD_KEYS to the key ring of the workers/m,
  ),
};

interface Row {
  /** After the command's own name. */
  args?: () => string[];
  /** What the world does before it, where all is well. */
  before?: () => Promise<unknown>;
  /** It runs until it is stopped. */
  runs?: true;
  noTemporal: Said;
  /** Left out by what is itself a worker. */
  noWorker?: Said | undefined;
  noKeys: Said;
  foreignKeys: Said;
  /** Where all is well, but for a PORTFOLIO_ID that it needs. */
  noPortfolio?: Said;
  well: Said;
}

const notRead = (what: RegExp) => ({ noKeys: said(1, what), foreignKeys: said(1, what) });
const notReadHere = notRead(
  /^\+\d+ cannot be read here: it is encrypted with the key k1\. Add that key to PAYLOAD_KEYS/m,
);
/** The whole answer is the same whoever asks: what it tells is not encrypted, or needs nothing. */
const always = (code: number, says: RegExp) => ({
  noTemporal: said(code, says),
  noWorker: said(code, says),
  noKeys: said(code, says),
  foreignKeys: said(code, says),
  well: said(code, says),
});
const noRecords = said(
  1,
  /^The records at sqlite:\S+ cannot be opened \(.*\): look whether the file is there and may be read, or set RECORDS_URL/m,
);
const mustNotStart = {
  noTemporal: unreachable,
  ...notRead(
    /^This worker must not start: the pool is encrypted with the key k1, and PAYLOAD_KEYS (is empty|has only old): set PAYLOAD_KEYS to the key ring of the other workers \(k1\)/m,
  ),
};
const begunInVain = (what: string) =>
  said(
    1,
    new RegExp(
      `^${what} It was begun, and no worker waits for work on preverified-numbers and preverified-graph: start one with "preverified worker"`,
      'm',
    ),
  );
const noPortfolio = said(1, /PORTFOLIO_ID is missing: set it to /);

let laptop: Laptop;
let idle: TestServer;
let records: { RECORDS_URL: string; remove: () => Promise<void> };
const folder = mkdtempSync(path.join(tmpdir(), 'preverified-sentences-'));
/** Led from its adding to its PIN by the commands, one after another. */
const number = '15550760001';
const claimedFor = '15550760002';
const other = '15550760003';
const anyPorts = { GATEWAY_PORT: '0', SIMULATOR_PORT: '0', CODEC_PORT: '0' };
let code = '123456';
let files = 0;
const file = (name: string) => path.join(folder, `${String(++files)}-${name}`);

const message = (name: string, args: () => string[], well: RegExp, before?: () => Promise<unknown>): Row => ({
  args,
  ...(before && { before }),
  noTemporal: unreachable,
  noWorker: unanswered(name),
  ...notWritten,
  well: said(0, well),
});

/** In the order in which a number's life needs them. */
const rows: Record<string, Row> = {
  keys: {
    ...always(0, /^The pool is encrypted with the key k1, as .* stated on /m),
    noTemporal: unreachable,
    ...notRead(
      /^PAYLOAD_KEYS here does not fit: the pool is encrypted with the key k1, .* What to do: set PAYLOAD_KEYS to the key ring/m,
    ),
  },
  add: {
    args: () => [number],
    noTemporal: unreachable,
    noWorker: said(0, /^0 added, 1 there already, 0 not added$/m),
    ...notWritten,
    noPortfolio,
    well: said(0, /^1 added, 0 there already, 0 not added$/m),
  },
  list: {
    ...always(0, /│ \+15550760001 │/),
    noTemporal: unreachable,
    noKeys: said(
      0,
      /Unreadable: key k1[^]*cannot be read with PAYLOAD_KEYS of this shell; "preverified keys"/,
    ),
    foreignKeys: said(0, /Unreadable: key k1[^]*cannot be read with PAYLOAD_KEYS of this shell/),
  },
  status: {
    ...always(0, /^\d numbers in the pool/m),
    noTemporal: unreachable,
    noWorker: said(0, /^Workers on preverified-numbers: NONE: start one with "preverified worker"$/m),
    noKeys: said(0, /PAYLOAD_KEYS HERE DOES NOT FIT: .* is empty \("preverified keys" says what to do\)$/m),
    foreignKeys: said(0, /PAYLOAD_KEYS HERE DOES NOT FIT: .* has only old \("preverified keys"/m),
    noPortfolio: said(0, /^Reconciled with Meta: not yet, or PORTFOLIO_ID is not set$/m),
  },
  show: {
    args: () => [number],
    noTemporal: unreachable,
    noWorker: unanswered('getNumber'),
    ...notReadHere,
    well: said(0, /^What comes next: /m),
  },
  'request-code': message(
    'requestCode',
    () => [number, '--method', 'VOICE'],
    /Asked by VOICE; the code is good until \d\d:\d\d UTC\./,
  ),
  code: message(
    'submitCode',
    () => [number, code],
    /The code was right\./,
    async () => {
      code = await laptop.sim.latestMessage(number);
    },
  ),
  reserve: message('reserve', () => [number, 'c1'], /Held for c1 until .* UTC\./),
  release: message('release', () => [number], /Nobody holds it now\./),
  share: message('share', () => [number, '42'], /Partners who may offer it: 42\./),
  unshare: message('unshare', () => [number, '42'], /No partner may offer it\./),
  refresh: message('refresh', () => [number], /Its status was read again at Meta\./),
  'signup-config': {
    args: () => [number, '--shape', 'document'],
    noTemporal: unreachable,
    noWorker: unanswered('getNumber'),
    ...notReadHere,
    well: said(0, /"preVerifiedPhone"/),
  },
  claim: message(
    'claim',
    () => [number, waba],
    /Meta shows it on WABA 102290129340398\./,
    () => laptop.sim.claimNumber(number, waba),
  ),
  register: {
    ...message('register', () => [number], /./),
    // It registers by itself once it is claimed, and may be quicker than the command.
    well: said(1, /^\+15550760001 is Registered: its life has ended, nothing can be done\.$/m),
    before: () => laptop.pool().waitFor(number, 'Registered'),
  },
  pin: {
    args: () => [number],
    noTemporal: unreachable,
    noWorker: said(1, /^\+15550760001 is Added: its PIN can be read once it is Registered\.$/m),
    ...notWritten,
    well: said(0, /^\d{6}$/m),
  },
  'claim-for': message(
    'claimFor',
    () => [claimedFor, waba, 'Lucky Shrub'],
    /Meta shows it on WABA 102290129340398\./,
    () => verified(claimedFor),
  ),
  'take-code': {
    ...message(
      'takeCode',
      () => [other],
      /./,
      () => verified(other),
    ),
    well: said(1, /no code came unasked in the last ten minutes, or it was shown already\.$/m),
  },
  remove: message(
    'remove',
    () => [other, '--reason', 'the contract ended'],
    /is Removed\. It was taken out of the pool\./,
  ),
  audit: {
    args: () => [number],
    ...always(0, /│ started /),
    noTemporal: unreachable,
    noKeys: said(0, /encrypted \(key k1\)/),
    foreignKeys: said(0, /encrypted \(key k1\)/),
  },
  reconcile: {
    noTemporal: unreachable,
    noWorker: begunInVain('The pool was not reconciled\\.'),
    ...notWritten,
    noPortfolio,
    well: said(0, /^\d numbers in Meta's pool, \d unclaimed ones here, /m),
  },
  'records keep': {
    noTemporal: unreachable,
    noWorker: begunInVain('The records were not brought up to date\\.'),
    ...notWritten,
    well: said(0, /^\d closed runs found, \d of them new to the records$/m),
  },
  'records verify': {
    ...always(0, /^\d entries and 0 checkpoints verified: all as they were written$/m),
    noWorker: noRecords,
  },
  'records who': {
    args: () => [number],
    ...always(0, /│ \+15550760001 │/),
    noTemporal: said(
      0,
      /From records alone, without numbers that live: Temporal cannot be reached at 127\.0\.0\.1:1/,
    ),
    noWorker: noRecords,
  },
  'records checkpoint': {
    ...always(
      1,
      /^No checkpoint was signed yet: set RECORDS_SIGNING_KEY for the worker \("preverified records key"\)\.$/m,
    ),
    noWorker: noRecords,
  },
  'records release': {
    args: () => [number, '--reason', 'given back'],
    ...always(1, /^Nobody has \+15550760001, as far as records know\.$/m),
    noWorker: noRecords,
    well: said(
      0,
      /^\+15550760001 was given back by WABA 102290129340398: "preverified add \+15550760001 --again" begins its next life$/m,
    ),
  },
  'records export': {
    args: () => ['--out', file('export')],
    ...always(0, /^\d entries and 0 checkpoints are in /m),
    noWorker: noRecords,
  },
  'records backup': {
    args: () => [file('backup.db')],
    ...always(0, /^the records at sqlite:\S+ are in \S+ too$/m),
    noWorker: noRecords,
  },
  'records key': always(0, /^RECORDS_SIGNING_KEY=r\d{4}:/m),
  'customers list': {
    ...always(0, /│ 102290129340398 │/),
    noTemporal: unreachable,
    // Another of the commands that run beside it begins one.
    noWorker: said(0, /^no such customer$|│ 102290129340398 │/m),
  },
  'customers show': {
    args: () => [waba],
    noTemporal: unreachable,
    // Where connect has begun the customer meanwhile, nobody answers for them.
    noWorker: said(1, /^WABA 102290129340398 (has not answered getCustomer.*|is no customer of ours.*)$/m),
    ...notRead(/^A payload was encrypted with the key "k1", which is not among PAYLOAD_KEYS: add it there/m),
    well: said(0, /│ Own token +│/),
  },
  'customers connect': {
    args: () => [waba, '--wait', '3'],
    noTemporal: unreachable,
    noWorker: said(1, /^WABA 102290129340398 was not as awaited within 3 seconds: .*is a worker running\?$/m),
    ...notWritten,
    noPortfolio,
    well: said(0, /^WABA 102290129340398 is being connected\.$/m),
  },
  'customers refresh': {
    args: () => [waba],
    noTemporal: unreachable,
    // Where connect has begun the customer meanwhile, nobody works on them.
    noWorker: said(1, /^WABA 102290129340398 (has not answered refresh.*|is no customer of ours.*)$/m),
    ...notWritten,
    well: said(0, /│ State +│ Connected/),
  },
  'customers offboard': {
    args: () => [waba, '--reason', 'the contract ended'],
    noTemporal: unreachable,
    // Where connect has begun the customer meanwhile, nobody works on them.
    noWorker: said(1, /^WABA 102290129340398 (has not answered offboard.*|is no customer of ours.*)$/m),
    ...notWritten,
    well: said(0, /│ State +│ (Left|Connected)/),
  },
  'customers token': {
    args: () => [waba],
    ...always(1, /^There is no token of WABA 102290129340398\.$/m),
    noWorker: noRecords,
  },
  'customers reseal': {
    ...always(0, /^0 tokens were sealed with the first of PAYLOAD_KEYS$/m),
    noWorker: noRecords,
    noKeys: said(
      1,
      /^Customers' tokens are kept sealed alone, and PAYLOAD_KEYS is empty: set PAYLOAD_KEYS to /m,
    ),
  },
  doctor: {
    noTemporal: said(1, /^✗ Temporal: Temporal cannot be reached at .*\n +start it there/m),
    noWorker: said(1, /^✗ Workers: no worker waits for work on .*\n +start one with "preverified worker"/m),
    ...notRead(/^✗ Keys of the pool: the pool is encrypted with the key k1, .*\n +set PAYLOAD_KEYS/m),
    noPortfolio: said(1, /^✗ Settings: .*\n* *PORTFOLIO_ID is missing/m),
    well: said(0, /^all is well$/m),
  },
  worker: { runs: true, ...mustNotStart, well: said(0, /^preverified worker ready: /) },
  simulator: { runs: true, ...always(0, /^preverified simulator ready: Graph API on http/) },
  codec: {
    runs: true,
    ...always(0, /^preverified codec ready: http/),
    noKeys: said(1, /^PAYLOAD_KEYS is empty, so there is nothing to decode with: set it to the key ring/m),
  },
  gateway: {
    runs: true,
    ...always(0, /^preverified gateway ready: http/),
    noTemporal: unreachable,
    ...notWritten,
  },
  dev: { runs: true, ...mustNotStart, well: said(0, /^preverified dev ready: worker on /) },
};

/** `records keep`, and not `records` alone. */
function leaves(command: Command, before: string[] = []): string[] {
  return command.commands.flatMap((each) => {
    const name = [...before, each.name()];
    return each.commands.length > 0 ? leaves(each, name) : [name.join(' ')];
  });
}

beforeAll(async () => {
  [laptop, idle, records] = await Promise.all([Laptop.start(), ownNamespace(), ownRecords()]);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([laptop.close(), idle.close(), records.remove()]);
});

async function verified(digits: string): Promise<void> {
  const pool = laptop.pool();
  await pool.add(digits);
  await pool.submitCode(digits, { code: await laptop.sim.nextMessage(digits) });
}

async function answer(name: string, { args, runs }: Row, env: Record<string, string>): Promise<Answer> {
  const words = [...name.split(' '), ...(args?.() ?? [])];
  if (!runs) return run(words, { ...env, ...anyPorts });
  const child = start(words, { ...env, ...anyPorts });
  try {
    const out = await ready(child);
    child.kill('SIGTERM');
    await once(child, 'exit');
    return { code: child.exitCode, out, err: '' };
  } catch (error) {
    return {
      code: child.exitCode,
      out: '',
      err: (error as Error).message.replace(/^it ended with \w+: /, ''),
    };
  }
}

function without(name: string): Record<string, string> {
  const { [name]: _, ...env } = laptop.env;
  return env;
}

type Condition = 'noTemporal' | 'noWorker' | 'noKeys' | 'foreignKeys' | 'noPortfolio' | 'well';

async function hold(condition: Condition, env: Record<string, string>, atOnce: number): Promise<void> {
  const limit = pLimit(atOnce);
  const wrong: object[] = [];
  const check = async ([name, row]: [string, Row]) => {
    const expected = row[condition];
    if (!expected) return;
    if (condition === 'well') await row.before?.();
    const { code: ended, out, err } = await answer(name, row, env);
    if (ended !== expected.code || !expected.says.test(out + err))
      wrong.push({ name, ended, out, err, expected });
  };
  await Promise.all(Object.entries(rows).map((row) => limit(check, row)));
  expect(wrong).toEqual([]);
}

test('the table has every command that the command line has', () => {
  expect(leaves(commandLine()).sort()).toEqual(Object.keys(rows).sort());
});

test('where no worker runs, each command says so, or needs none', async () => {
  const env = {
    ...laptop.env,
    RECORDS_URL: records.RECORDS_URL,
    TEMPORAL_ADDRESS: idle.env.address,
    TEMPORAL_NAMESPACE: String(idle.env.namespace),
  };
  expect(await run(['keys', '--set', '--yes'], env)).toMatchObject({ code: 0 });
  expect(await run(['add', number, claimedFor, other], env)).toMatchObject({
    code: 0,
    err: expect.stringMatching(
      /^Nothing happens yet: no worker waits .* Start one with "preverified worker"\.$/m,
    ),
  });
  await hold('noWorker', env, 40);
});

test('where all is well, each command says what it did', async () => {
  await hold('well', laptop.env, 1);
});

test('without keys nothing is written, and each command says what it cannot read', () =>
  hold('noKeys', without('PAYLOAD_KEYS'), 4));

test('with foreign keys nothing is written, and each command says what it cannot read', () =>
  hold('foreignKeys', { ...laptop.env, PAYLOAD_KEYS: newKey('old') }, 4));

test('without PORTFOLIO_ID each command names it, or needs none', () =>
  hold('noPortfolio', without('PORTFOLIO_ID'), 4));

test('where Temporal cannot be reached, each command says so, or needs none', () =>
  hold('noTemporal', { ...laptop.env, TEMPORAL_ADDRESS: '127.0.0.1:1' }, 6));
