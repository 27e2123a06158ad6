import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { Laptop, portfolioId, waba } from '../client/laptop';
import { run } from './cli';

let laptop: Laptop;
const folder = mkdtempSync(path.join(tmpdir(), 'preverified-cli-'));
beforeAll(async () => {
  laptop = await Laptop.start();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await laptop.close();
});

const preverified = (...args: string[]) => run(args, laptop.env);
const json = async (...args: string[]) => JSON.parse((await preverified(...args, '--json')).out);

function csv(name: string, ...lines: string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, lines.join('\n'));
  return file;
}

test('a number is led from add to its PIN on the command line', async () => {
  const number = '15550700001';
  expect(await preverified('add', '+1 555 070 0001', '--no-register')).toMatchObject({
    code: 0,
    out: '1 added, 0 there already, 0 not added\n',
  });
  const text = await laptop.sim.nextMessage(number);
  expect(await preverified('code', number, text)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\+15550700001 is Verified \(fresh\); \d{4}-.* UTC: verification expires/),
  });
  expect(await preverified('reserve', number, 'c1', '--ttl', '5 minutes')).toMatchObject({ code: 0 });
  expect(await preverified('release', number)).toMatchObject({ code: 0 });
  expect(await preverified('share', number, '42')).toMatchObject({ code: 0 });
  expect(await preverified('unshare', number, '42')).toMatchObject({ code: 0 });
  const { preverifiedId } = await json('show', number);
  expect(await json('signup-config', number, '--shape', 'document')).toMatchObject({
    config: { extras: { setup: { preVerifiedPhone: { ids: [preverifiedId] } } } },
  });
  await laptop.sim.claim(preverifiedId, waba);
  expect(await json('claim', number, waba, '--customer-id', 'c1')).toMatchObject({
    state: 'Claimed',
    claim: { wabaId: waba, customerId: 'c1', source: 'command line' },
  });
  // The PIN comes on standard input, so that no list of processes shows it.
  expect(await run(['register', number, '--pin', '-'], laptop.env, '246802\n')).toMatchObject({ code: 0 });
  expect(await preverified('pin', number, '--by', 'ops')).toEqual({ code: 0, out: '246802\n', err: '' });
  expect(await preverified('pin', number)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('was read by ops on'),
  });
  expect(await run(['pin', number, '--set', '-'], laptop.env, '135790\n')).toMatchObject({ out: '135790\n' });
  expect((await preverified('show', number)).out).not.toMatch(/246802|135790/);
  expect((await preverified('add', number)).err).toContain(
    `+${number} is Registered: where its customer has left and deleted it, "preverified add +${number} --again"`,
  );
});

test('what is done without a name is done in that of the user of the machine', async () => {
  await preverified('add', '15550700002', '--no-request-code');
  await laptop.pool().waitUntil('15550700002', ({ phase }) => phase === 'waiting');
  await preverified('request-code', '15550700002');
  const { transitions } = await json('show', '15550700002');
  expect(transitions.at(-1)).toMatchObject({ event: 'requestCode', by: userInfo().username });
});

test('a refusal is one sentence on standard error: exit code 1', async () => {
  await preverified('add', '15550700003');
  expect(await preverified('register', '15550700003')).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(
      /^\+15550700003 is .*: only a number whose claim Meta has shown can be registered\.\n$/,
    ),
  });
});

test('a signal does not wait for its effect', async () => {
  await preverified('add', '15550700004', '--no-request-code');
  expect(await preverified('remove', '15550700004', '--signal')).toMatchObject({ code: 0 });
  expect(await laptop.pool().waitFor('15550700004', 'Removed')).toMatchObject({ state: 'Removed' });
});

test('show names who did each step, and who removed a number and why', async () => {
  const number = '15550700005';
  await preverified('add', number, '--no-request-code');
  await laptop.pool().waitUntil(number, ({ phase }) => phase === 'waiting');
  await preverified('request-code', number, '--by', 'Ann');
  await preverified('remove', number, '--reason', 'the contract ended', '--by', 'Ben');
  const { out } = await preverified('show', number);
  expect(out).toMatch(/│ requestCode +│ Ann +│/);
  expect(out).toMatch(/│ Removed +│ \d{4}-.* UTC by Ben: the contract ended +│/);
  expect(await json('show', number)).toMatchObject({
    removal: { by: 'Ben', reason: 'the contract ended' },
  });
});

test('a file is added row by row: bad ones are reported with line and reason, and the rest is done', async () => {
  const file = csv(
    'numbers.csv',
    '\uFEFFphone_number,code_method,language,note',
    '+1 555 070 0011,VOICE,en_US,first',
    'nonsense,SMS,en_US,',
    '',
    '+15550700012,PIGEON,en_US,',
    '+15550700013,SMS',
    '"+1 555 070 0014",,,',
  );
  const { code, out, err } = await preverified('add', file);
  expect(code).toBe(1);
  expect(out).toBe('2 added, 0 there already, 3 not added\n');
  expect(err).toContain(`${file} line 3: nonsense was not added: phoneNumber is not possible`);
  expect(err).toContain(
    `${file} line 5: +15550700012 was not added: codeMethod: method must be "SMS" or "VOICE"`,
  );
  expect(err).toContain(`${file} line 6: it has 2 fields where the header has 4`);
  expect(err).toContain('columns that mean nothing here: note');
  expect(err).toMatch(/^4\/4 /m);
  expect(await laptop.pool().get('15550700011')).toMatchObject({ portfolioId });
});

test('a file may name the column number and a portfolio for each row', async () => {
  const file = csv('portfolios.csv', 'number,portfolio_id', '15550700021,777');
  const { PORTFOLIO_ID: _, ...env } = laptop.env;
  const { code, out } = await run(['add', file, '--json'], env);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject([{ number: '15550700021', outcome: 'added', portfolioId: '777' }]);
});

test.each([
  ['without a header', () => csv('headless.csv', '15550700031'), /has no column phone_number/],
  ['that does not exist', () => path.join(folder, 'none.csv'), /there is no file/],
])('a file %s is reported, and the numbers beside it are added', async (_what, file, words) => {
  const { code, out, err } = await preverified('add', file(), '15550700032');
  expect(code).toBe(1);
  expect(out).toMatch(/^[01] added, [01] there already, 1 not added/);
  expect(err).toMatch(words);
});

test('a table of another name is read, and a workbook is no number', async () => {
  const table = csv('carrier.dat', 'Number', '+15550700033');
  expect((await preverified('add', table)).out).toBe('1 added, 0 there already, 0 not added\n');
  const workbook = csv('numbers.xlsx', 'PK\u0003\u0004\0');
  const { code, err } = await preverified('add', workbook);
  expect([code, err]).toEqual([1, expect.stringContaining(`${workbook} is no text: save the table as CSV`)]);
});

test('the example file is a dozen numbers of several countries, one of them invalid', async () => {
  const file = path.resolve(__dirname, '../../examples/numbers.csv');
  const { code, out } = await run(['add', file, '--json'], laptop.env);
  expect(code).toBe(1);
  const outcomes = JSON.parse(out) as { outcome: string }[];
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([...Array(11).fill('added'), 'failed']);
});

test('list answers with what the filter admits, as a table and as JSON', async () => {
  const number = '493012345601';
  await preverified('add', number);
  await preverified('code', number, await laptop.sim.nextMessage(number));
  const filter = ['list', '--state', 'Verified', '--expiring', '91d', '--country', 'DE'];
  const deadline = Date.now() + 10_000;
  let numbers: unknown[] = [];
  while (numbers.length === 0 && Date.now() < deadline) numbers = await json(...filter);
  expect(numbers).toMatchObject([{ phoneNumber: number, state: 'Verified', country: 'DE', portfolioId }]);
  expect((await preverified(...filter)).out).toMatch(/\+493012345601 │ Verified/);
  expect(await preverified('list', '--country', 'SE')).toMatchObject({ code: 0, out: 'no such number\n' });
});

test('signup-config says which numbers it left out and why, and that not all was done', async () => {
  const number = '15550700041';
  await preverified('add', number);
  await preverified('code', number, await laptop.sim.nextMessage(number));
  const { code, out, err } = await preverified('signup-config', number, '15559999999', '--config-id', '99');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ config_id: '99', extras: { version: 'v4' } });
  expect(err).toContain('15559999999 was left out: not in the pool');
  expect(err).not.toContain('deprecated');
});

test('signup-config offers v4 unless told otherwise, with or without the numbers, and says what is deprecated', async () => {
  const number = '15550700042';
  await preverified('add', number);
  await preverified('code', number, await laptop.sim.nextMessage(number));
  const ask = (...options: string[]) => preverified('signup-config', number, '--config-id', '99', ...options);
  const without = await ask('--no-pre-verified-phone', '--feature-type', 'only_waba_sharing');
  expect(JSON.parse(without.out)).toMatchObject({
    extras: { version: 'v4', setup: {}, featureType: 'only_waba_sharing' },
  });
  expect(without.out).not.toContain('preVerifiedPhone');
  const v2 = await ask('--shape', 'v2');
  expect([v2.code, v2.err]).toEqual([0, expect.stringContaining('Meta deprecated version 2')]);
  expect(JSON.parse(v2.out)).toMatchObject({ extras: { sessionInfoVersion: '3' } });
  const both = await ask('--shape', 'v2', '--no-pre-verified-phone');
  expect([both.code, both.err]).toEqual([1, expect.stringContaining('for v4, not for v2')]);
});
