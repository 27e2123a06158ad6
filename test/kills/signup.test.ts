import { createSecretKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WabaId } from '../../contract/ids';
import { SessionTokens } from '../../gateway/signup/session-tokens';
import { openRecords, type Records } from '../../records';
import { needs, readSettings } from '../../settings';
import { freePort } from '../../stack/ports';
import { launch } from '../chaos/processes/command';
import { SupervisedProcess } from '../chaos/processes/supervised-process';
import { Laptop, portfolioId } from '../client/laptop';
import { businessId, partnerSettings, setUpPartner } from '../customers/partner';
import { testDatabase, type TestDatabase } from '../records/databases';
import { until } from '../signup/until';
import { AwaitedRequests, moments, type Aim, type Moment } from './awaited-requests';
import { byteLink, grpcLink, httpRequest, sqlRequest, type Link } from './links';

/** The gateway is killed at each request that a signup's code makes it wait for: to Meta, to the records, to Temporal. */

jest.setTimeout(600_000);

let database: TestDatabase;
let laptop: Laptop;
let records: Records;
let folder: string;
let links: Link[];
let gateway: SupervisedProcess;
let gatewayUrl: string;
const requests = new AwaitedRequests();

beforeAll(async () => {
  database = await testDatabase('postgres');
  laptop = await Laptop.start({}, { ...partnerSettings, RECORDS_URL: database.url });
  await setUpPartner(laptop.sim);
  records = await openRecords(readSettings(needs.records, laptop.env));
  folder = await mkdtemp(path.join(tmpdir(), 'preverified-kills-'));
  const { env } = laptop;
  const { host, port } = database.postgres!;
  const meta = new URL(laptop.sim.url);
  const [toMeta, toRecords, toTemporal] = await Promise.all([
    byteLink({ host: meta.hostname, port: Number(meta.port) }, httpRequest, requests),
    byteLink({ host, port }, sqlRequest, requests),
    grpcLink(env['TEMPORAL_ADDRESS']!, requests),
  ]);
  links = [toMeta, toRecords, toTemporal];
  gatewayUrl = `http://127.0.0.1:${String(await freePort())}`;
  const ofGateway = {
    ...env,
    TEMPORAL_CONFIG_FILE: path.join(folder, 'none.toml'),
    TEMPORAL_ADDRESS: `127.0.0.1:${String(toTemporal.port)}`,
    GRAPH_API_URL: `http://127.0.0.1:${String(toMeta.port)}`,
    RECORDS_URL: database.url.replace(`:${String(port)}/`, `:${String(toRecords.port)}/`),
    META_CONFIG_ID: '99',
    GATEWAY_API_KEYS: 'a-key-of-a-partner-s-server',
    GATEWAY_PORT: new URL(gatewayUrl).port,
    LOG_LEVEL: 'warn',
  };
  gateway = new SupervisedProcess('gateway', () => launch('gateway', ofGateway, path.join(folder, 'log')));
  await gateway.start();
});
afterAll(async () => {
  await gateway.close();
  for (const link of links) link.close();
  await records.close();
  await laptop.close();
  await database.close();
  await rm(folder, { recursive: true });
});

const session = (customerId: string) => ({
  ...{ id: customerId, phoneNumber: '15550830001', customerId, reservationId: 'r1', country: null },
  ...({ version: 'v4' } as const),
  expiresAt: Date.now() + 30 * 60_000,
});

/** What the page sends; `null` where no answer came. */
async function handIn(customerId: string, code: string): Promise<number | null> {
  const key = Buffer.from(laptop.env['PAYLOAD_KEYS']!.slice('k1:'.length), 'base64');
  const token = new SessionTokens([createSecretKey(key)]).seal(session(customerId));
  const body = JSON.stringify({ token, code });
  const sent = fetch(`${gatewayUrl}/signup/code-exchange`, { method: 'POST', body });
  return sent.then(
    ({ status }) => status,
    () => null,
  );
}

/** Nobody waits a minute for what a dead gateway had taken. */
const endLeases = () =>
  records.use((db) =>
    db
      .updateTable('signup_exchanges')
      .set({ next_try_at: new Date().toISOString() })
      .where('next_try_at', 'is not', null)
      .where('signalled_at', 'is', null)
      .execute(),
  );

const rowsOf = (customerId: string) =>
  records.use((db) =>
    db.selectFrom('signup_exchanges').selectAll().where('customer_id', '=', customerId).execute(),
  );
const isKept = async (customerId: string) =>
  (await rowsOf(customerId)).some(({ sealed, kept_for }) => sealed !== null || kept_for !== null);
const isSignalled = async (customerId: string) =>
  (await rowsOf(customerId)).some(({ signalled_at }) => signalled_at !== null);

/** @returns the request at which the gateway was killed, `null` where the signup had made fewer */
async function signUp(wabaId: WabaId, aim: Aim, moment: Moment): Promise<string | null> {
  const { sim } = laptop;
  const pool = laptop.pool();
  await sim.setWaba(wabaId, { businessId, sharedWith: [portfolioId] });
  const code = await sim.signupCode(wabaId);
  const exchangedBefore = await exchanges();
  let killed = null as Promise<void> | null;
  const hit = new Promise<string>((resolve) => {
    requests.arm(aim, moment, (name) => {
      killed = gateway.kill();
      resolve(name);
    });
  });
  const answered = handIn(wabaId, code);
  const ended = answered.then(async (status) => {
    if (status !== null) await until(async () => killed !== null || (await isSignalled(wabaId)));
    return status === null ? hit : null;
  });
  const name = await Promise.race([hit, ended]);
  requests.disarm();
  const where = `${moment} at ${String(name)} of WABA ${wabaId}`;
  const status = await answered;
  if (name !== null) {
    await killed;
    await endLeases();
    const kept = await isKept(wabaId);
    await gateway.start();
    // The page hands the code in again where no answer came.
    const again = status ?? (await handIn(wabaId, code));
    // What was exchanged and not sealed is gone, and the page asks the customer to sign in again: nothing else is.
    const spent = !kept && (await exchanges()) > exchangedBefore && status === null && again === 410;
    expect([where, again]).toEqual([where, spent ? 410 : expect.any(Number)]);
    if (spent) expect([where, await handIn(wabaId, await sim.signupCode(wabaId))]).toEqual([where, 202]);
    else {
      expect([where, [200, 202].includes(again!)]).toEqual([where, true]);
      expect([where, await exchanges()]).toEqual([where, exchangedBefore + 1]);
    }
  }
  const customer = await until(async () => {
    const found = await pool.getCustomer(wabaId).catch(() => null);
    return found?.state === 'Connected' && found.tokenHeld ? found : null;
  });
  expect([where, customer.customerId]).toEqual([where, wabaId]);
  await until(() => isSignalled(wabaId));
  const events = await records.customerTokens.events(wabaId);
  expect([where, events.map(({ what }) => what)]).toEqual([where, ['kept']]);
  const { creditShares } = (await sim.wabas()).find((one) => one.wabaId === wabaId)!;
  expect([where, creditShares.length]).toEqual([where, 1]);
  return name;
}

const exchanges = async () =>
  (await laptop.sim.calls({ call: 'access_token' })).filter(({ status }) => status === 200).length;

test('a gateway that is killed at any request of a signup loses no code that was accepted, seals the token once, and the customer is connected', async () => {
  for (const [index, moment] of moments.entries()) {
    const wabaIdAt = (at: number) => `77${String(index)}${String(at).padStart(4, '0')}` as WabaId;
    const hits: string[] = [];
    let at = 0;
    for (; ; at++) {
      const name = await signUp(wabaIdAt(at), (_, made) => made === at, moment);
      if (name === null) break;
      hits.push(name);
    }
    // The gateway does several things at once, so that one request can be the fifth in one signup and the sixth in the next.
    for (const wanted of steps.filter((step) => !hits.some((hit) => hit.startsWith(step)))) {
      const name = await signUp(wabaIdAt(++at), (asked) => asked.startsWith(wanted), moment);
      expect([wanted, name]).toEqual([wanted, expect.stringContaining(wanted)]);
    }
  }
});

const steps = [
  'GET /v24.0/oauth/access_token',
  'insert into "signup_exchanges"',
  'GET /v24.0/debug_token',
  'insert into "customer_tokens"',
  'SignalWithStartWorkflowExecution',
];
