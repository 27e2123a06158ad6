import { once } from 'node:events';
import { Laptop, portfolioId } from '../client/laptop';
import { run, start } from './cli';

let laptop: Laptop;
const stuck = Array.from({ length: 12 }, (_, index) => `155507900${String(index + 10)}`);
const free = '493012345901';
const reserved = '493012345902';
beforeAll(async () => {
  laptop = await Laptop.start();
  const pool = laptop.pool();
  for (const number of [...stuck, free, reserved])
    await pool.add(number, { automation: { requestCode: false } });
  for (const number of [free, reserved]) {
    await pool.requestCode(number);
    await pool.submitCode(number, { code: await laptop.sim.nextMessage(number) });
  }
  await pool.reserve(reserved, { customerId: 'c1' });
  for (const number of stuck) await pool.requestCode(number);
  await found(['--state', 'CodeRequested'], stuck.length);
  await found(['--customer', 'c1'], 1);
});
afterAll(() => laptop.close());

const preverified = (...args: string[]) => run(args, laptop.env);

/** Temporal's list is a moment behind. */
async function found(filter: string[], count: number): Promise<void> {
  const numbers = JSON.parse((await preverified('list', ...filter, '--json')).out) as unknown[];
  if (numbers.length !== count) await found(filter, count);
}

test('status says in one screen what there is, what waits, and who works on it', async () => {
  const { code, out, err } = await preverified('status');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/^14 numbers in the pool, 1 of them free to be offered, 1 reserved; 0 ended/);
  expect(out).toContain('CodeRequested 12 · Verified 2');
  expect(out).toMatch(/│ DE +│ 2 +│ 2 +│ 1 +│ 1 +│/);
  expect(out).toMatch(/12 wait for a code:\n {2}\+1555.* since .* UTC, asked by SMS, good until .* UTC\n/);
  expect(out).toContain('and 2 more: preverified list --state CodeRequested');
  expect(out).toMatch(/Workers on preverified-numbers: \d+@\S+ preverified \d+\.\d+\.\d+\n/);
  expect(out).toContain('Payload keys: the pool is encrypted with k1\n');
  const json = JSON.parse((await preverified('status', '--json')).out) as Record<string, unknown>;
  expect(json).toMatchObject({ living: 14, free: 1, expiring: { 7: 0, 30: 0, 45: 0 }, unreadable: [] });
});

test('list --free gives what can be offered in a country, and nothing that is reserved', async () => {
  const { out } = await preverified(
    'list',
    '--free',
    '--country',
    'DE',
    '--columns',
    'number,country',
    '--csv',
  );
  expect(out).toBe(`number,country\n${free},DE\n`);
});

test('list sorts by a column, and names those that there are where it does not know one', async () => {
  const { out } = await preverified('list', '--csv', '--columns', 'number', '--sort', '-number');
  const numbers = out.trim().split('\n').slice(1);
  expect(numbers).toEqual(numbers.toSorted().toReversed());
  expect(await preverified('list', '--columns', 'colour')).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is no column "colour"; there are number, state'),
  });
});

test('a message over a filter shows which and how many, and is sent to nobody without a yes', async () => {
  const { code, err, out } = await preverified(
    'request-code',
    '--state',
    'CodeRequested',
    '--method',
    'VOICE',
  );
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('and 2 more');
  expect(err).toContain('requestCode is to be sent to 12 numbers.\nSay --yes to do it.');
});

test('a message over a filter tells for each number what it did, and 0 only where all was done', async () => {
  const failing = stuck[3]!;
  await laptop.sim.fault({ call: 'request_code', number: failing, error: { code: 100 } });
  const ask = () =>
    preverified(
      'request-code',
      '--state',
      'CodeRequested',
      '--method',
      'VOICE',
      '--older-than',
      '1s',
      '--yes',
    );
  const first = await ask();
  expect(first.code).toBe(1);
  expect(first.out).toMatch(/^requestCode: 11 done, 1 not done$/m);
  expect(first.out).toMatch(
    /^\+15550790010 CodeRequested \(waiting\)\. Asked by VOICE; the code is good until \d\d:\d\d UTC\.$/m,
  );
  expect(first.err).toContain('Not all was done: 1 of 12 were not.');
  expect(await preverified('refresh', '--country', 'DE', '--yes', '--json')).toMatchObject({ code: 0 });
});

test('a message over a filter goes to no number of another portfolio than PORTFOLIO_ID or the filter names', async () => {
  const env = { ...laptop.env, PORTFOLIO_ID: '777' };
  const bulk = ['refresh', '--country', 'DE'];
  expect(await run([...bulk, '--yes'], env)).toEqual({
    code: 0,
    out: 'no such number: nothing was sent\n',
    err: expect.stringContaining('Only numbers of portfolio 777, as PORTFOLIO_ID says'),
  });
  const { err } = await run([...bulk, '--portfolio', portfolioId], env);
  expect(err).toContain('refresh is to be sent to');
  expect(err).not.toContain('PORTFOLIO_ID');
});

test('what a message needs beside the numbers is named after the filter, and shown before it is sent', async () => {
  const partners = async () => (await laptop.pool().get(free)).sharedWith;
  const asked = await preverified('share', '--free', '--country', 'DE', '4711');
  expect([asked.code, await partners()]).toEqual([1, []]);
  expect(asked.err).toContain('  with partnerBusinessId 4711\nshare is to be sent to 1 number.');
  expect(await preverified('share', '--free', '--country', 'DE', '4711', '--yes')).toMatchObject({ code: 0 });
  expect(await partners()).toEqual(['4711']);
  expect(await preverified('unshare', '--free', '--country', 'DE', '4711', '-y')).toMatchObject({ code: 0 });
  expect(await partners()).toEqual([]);
  for (const args of [
    ['share', '--free'],
    ['share', free],
  ])
    expect(await preverified(...args)).toMatchObject({
      code: 2,
      err: expect.stringContaining("missing required argument 'partnerBusinessId'"),
    });
});

test('a code and --from-simulator at once are not understood', async () => {
  expect(await preverified('code', stuck[0]!, '123456', '--from-simulator')).toMatchObject({ code: 2 });
});

test('a number and a filter at once are not understood, and neither is none of them', async () => {
  expect(await preverified('remove', '15550790010', '--state', 'Added')).toMatchObject({ code: 2 });
  expect(await preverified('remove')).toMatchObject({
    code: 2,
    err: expect.stringContaining("missing required argument 'number'"),
  });
});

test('show ends with what comes next', async () => {
  expect((await preverified('show', free)).out).toMatch(
    /\nWhat comes next: It can be offered, and is verified anew/,
  );
});

test('Ctrl-C lets what is under way end, and the command says how far it came', async () => {
  const many = Array.from({ length: 400 }, (_, index) => `1555079${String(index + 1000)}`);
  const child = start(['add', ...many, '--concurrency', '2', '--no-request-code'], laptop.env);
  let [out, err, interrupted] = ['', '', false];
  child.stdout!.on('data', (text) => (out += String(text)));
  child.stderr!.on('data', (text) => {
    err += String(text);
    if (interrupted || !err.includes('5/400')) return;
    // A second one would not wait for what is under way.
    interrupted = child.kill('SIGINT');
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  expect(out).toMatch(/^\d+ added, 0 there already, 0 not added, \d+ not tried\n$/);
  const [, added, untried] = /^(\d+) added.* (\d+) not tried/.exec(out)!.map(Number);
  expect(added! + untried!).toBe(400);
  expect(untried).toBeGreaterThan(300);
});
