import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import type { NumberPool } from '../../client';
import type { WabaId } from '../../contract/ids';
import type { Gateway } from '../../gateway';
import { openRecords, type Records } from '../../records';
import { needs, readSettings } from '../../settings';
import { Laptop } from '../client/laptop';
import { loggerToFile } from '../gateway/gateway';
import { testDatabase, type TestDatabase } from '../records/databases';
import { signupGateway, signupToken } from './signup-gateway';
import { until } from './until';
import { verifiedNumbers } from './verified-numbers';

jest.setTimeout(120_000);

let laptop: Laptop;
let pool: NumberPool;
let gateway: Gateway;
let records: Records;
const { logger, file: logFile } = loggerToFile();
const codes: string[] = [];

beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
  gateway = await signupGateway(laptop, logger);
  records = await openRecords(readSettings(needs.records, laptop.env));
});
afterAll(async () => {
  await records.close();
  await gateway.close();
  await laptop.close();
});

const newWaba = () => String(randomInt(1, 2 ** 47)) as WabaId;

let numbers = 0;
async function session(customerId: string): Promise<{ number: string; token: string }> {
  const number = `1555081${String(++numbers).padStart(4, '0')}`;
  await verifiedNumbers(pool, laptop.sim, [number]);
  const token = await signupToken(gateway, customerId);
  return { number, token };
}

async function codeFor(...wabaIds: WabaId[]): Promise<string> {
  const code = await laptop.sim.signupCode(...wabaIds);
  codes.push(code);
  return code;
}

const post = (path: string, body: object, at = gateway) =>
  fetch(`${at.url}/signup/${path}`, { method: 'POST', body: JSON.stringify(body) });
const exchange = async (token: string, code: string, at = gateway) => {
  const answer = await post('code-exchange', { token, code }, at);
  const { message } = (await answer.json()) as { message: string };
  return { status: answer.status, message };
};
const finish = async (token: string, waba_id: string) => {
  const message = { type: 'WA_EMBEDDED_SIGNUP', version: '3', event: 'FINISH', data: { waba_id } };
  return (await post('events', { token, message })).status;
};
const tokenOf = (wabaId: WabaId) => until(() => records.customerTokens.of(wabaId));
const connected = (wabaId: WabaId) =>
  until(async () => (await pool.getCustomer(wabaId).catch(() => null))?.state === 'Connected');
const exchanges = () => laptop.sim.calls({ call: 'access_token' });

describe('the code of a signup', () => {
  test('alone is exchanged, and the token is kept for the WABA that Meta names', async () => {
    const { token } = await session('code-only');
    const waba = newWaba();
    expect(await exchange(token, await codeFor(waba))).toMatchObject({ status: 202 });
    expect(await tokenOf(waba)).toMatchObject({
      token: expect.stringMatching(/^EAA/),
      customerId: 'code-only',
      scopes: expect.arrayContaining(['whatsapp_business_management', 'whatsapp_business_messaging']),
      expiresAt: null,
      invalidSince: null,
    });
    await connected(waba);
    expect(await pool.getCustomer(waba)).toMatchObject({ customerId: 'code-only', tokenHeld: true });
  });

  test.each(['before', 'after'])(
    'brings a token for the WABA of a message that comes %s it',
    async (when) => {
      const { token } = await session(`message-${when}`);
      const [named, newest] = [newWaba(), newWaba()];
      const code = await codeFor(named, newest);
      if (when === 'before') expect(await finish(token, named)).toBe(202);
      expect(await exchange(token, code)).toMatchObject({ status: 202 });
      if (when === 'after') expect(await finish(token, named)).toBe(202);
      expect(await tokenOf(named)).toMatchObject({ customerId: `message-${when}` });
      await connected(named);
      expect(await records.customerTokens.of(newest)).toBeNull();
    },
  );

  test('brings a token for the WABA of a message that came to another gateway, or in an earlier life of it', async () => {
    const { token } = await session('message-elsewhere');
    const [named, newest] = [newWaba(), newWaba()];
    expect(await finish(token, named)).toBe(202);
    await until(() =>
      records.use((db) =>
        db.selectFrom('signup_names').selectAll().where('waba_id', '=', named).executeTakeFirst(),
      ),
    );
    const other = await signupGateway(laptop, logger);
    expect(await exchange(token, await codeFor(named, newest), other)).toMatchObject({ status: 202 });
    expect(await tokenOf(named)).toMatchObject({ customerId: 'message-elsewhere' });
    await connected(named);
    expect(await records.customerTokens.of(newest)).toBeNull();
    await other.close();
  });

  test('alone, and granted for several WABAs: it waits for a message, then the newest is the one', async () => {
    const { token } = await session('silent');
    const [older, newest] = [newWaba(), newWaba()];
    const begun = Date.now();
    expect(await exchange(token, await codeFor(older, newest))).toMatchObject({ status: 202 });
    expect(await tokenOf(newest)).toMatchObject({ customerId: 'silent' });
    expect(Date.now() - begun).toBeGreaterThan(14_000);
    await connected(newest);
    expect(await records.customerTokens.of(older)).toBeNull();
  });

  test('is kept for no WABA that a browser named and Meta does not', async () => {
    const { token } = await session('liar');
    const [own, another] = [newWaba(), newWaba()];
    expect(await finish(token, another)).toBe(202);
    expect(await exchange(token, await codeFor(own))).toMatchObject({ status: 202 });
    await tokenOf(own);
    expect(await records.customerTokens.of(another)).toBeNull();
  });

  test('is exchanged once, however often, at however many gateways and in however many lives of them it comes', async () => {
    const { token } = await session('eager');
    const other = await signupGateway(laptop, logger);
    const waba = newWaba();
    const code = await codeFor(waba);
    const answers = await Promise.all(
      [gateway, other, gateway, other].map(async (at) => (await exchange(token, code, at)).status),
    );
    expect(answers.every((status) => status === 200 || status === 202)).toBe(true);
    const { token: kept } = await tokenOf(waba);
    await other.close();
    const restarted = await signupGateway(laptop, logger);
    expect((await exchange(token, code, restarted)).status).toBeLessThan(300);
    await restarted.close();
    expect(await tokenOf(waba)).toMatchObject({ token: kept });
  });

  test('is refused with a sentence once it is older than 30 seconds, and its repeat alike', async () => {
    const { token } = await session('slow');
    const waba = newWaba();
    const code = await codeFor(waba);
    await laptop.sim.advanceClock('31 seconds');
    const refused = {
      status: 410,
      message: expect.stringMatching(/too old or was used before: sign in again/),
    };
    expect(await exchange(token, code)).toEqual(refused);
    const asked = (await exchanges()).length;
    expect(await exchange(token, code)).toEqual(refused);
    expect(await exchanges()).toHaveLength(asked);
    expect(await exchange(token, await codeFor(waba))).toMatchObject({ status: 202 });
    await tokenOf(waba);
  });

  test('is refused without a session, and beyond what a session may bring', async () => {
    const code = await codeFor(newWaba());
    expect(await exchange('no session', code)).toMatchObject({ status: 401 });
    const { token } = await session('greedy');
    const statuses = [];
    for (let tries = 0; tries < 9; tries++)
      statuses.push((await exchange(token, `AQ${String(tries)}`)).status);
    expect(statuses.slice(0, 8)).toEqual(Array(8).fill(410));
    expect(statuses[8]).toBe(429);
  });
});

describe('where Meta does not answer at first', () => {
  afterEach(() => laptop.sim.clearFaults());

  test('a code is exchanged within its life', async () => {
    const { token } = await session('meta-down');
    const waba = newWaba();
    await laptop.sim.fault({ call: 'access_token', error: { code: 2 }, times: 2 });
    expect(await exchange(token, await codeFor(waba))).toMatchObject({ status: 202 });
    await tokenOf(waba);
  });
});

describe('where the records hang', () => {
  let database: TestDatabase;
  let other: Client;
  beforeAll(async () => {
    database = await testDatabase('postgres');
    other = new Client(database.url);
    await other.connect();
  });
  afterAll(async () => {
    await other.end();
    await database.close();
  });

  test('a code is exchanged while it lives, and its token sealed once they answer', async () => {
    const { token } = await session('records-hang');
    const hanging = await signupGateway(laptop, logger, { RECORDS_URL: database.url });
    const code = await codeFor(newWaba());
    const before = (await exchanges()).length;
    await other.query('BEGIN');
    await other.query('LOCK TABLE signup_exchanges');
    const answer = exchange(token, code, hanging);
    await until(async () => (await exchanges()).length > before);
    await other.query('ROLLBACK');
    expect(await answer).toMatchObject({ status: 202 });
    await hanging.close();
    const { rows } = await other.query('SELECT problem FROM signup_exchanges');
    expect(rows).toEqual([{ problem: null }]);
  });
});

test('no code and no token stands in the log or in the database', async () => {
  const kept = await records.customerTokens.all();
  expect(kept.length).toBeGreaterThan(4);
  const tokens = await Promise.all(
    kept.map(async ({ wabaId }) => (await records.customerTokens.of(wabaId))!.token),
  );
  const folder = path.dirname(laptop.env['RECORDS_URL']!.slice('sqlite:'.length));
  const texts = [logFile, ...readdirSync(folder).map((name) => path.join(folder, name))].map((file) =>
    readFileSync(file),
  );
  for (const secret of [...tokens, ...codes])
    expect(texts.filter((text) => text.includes(secret))).toHaveLength(0);
});
