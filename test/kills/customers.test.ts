import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createGraphClient, type GraphClient } from '../../activities/graph';
import { NumberPool } from '../../client';
import type { WabaId } from '../../contract/ids';
import { openRecords, type Records } from '../../records';
import { needs, readSettings } from '../../settings';
import { startSimulator, type Simulator } from '../../simulator';
import { SimulatorClient } from '../../simulator/client';
import { connect, type Connected } from '../../temporal/connect';
import { launch } from '../chaos/processes/command';
import { SupervisedProcess } from '../chaos/processes/supervised-process';
import { portfolioId } from '../client/laptop';
import { app, creditLine, partnerSettings, setUpPartner } from '../customers/partner';
import { testDatabase, type TestDatabase } from '../records/databases';
import { until } from '../signup/until';
import { ownNamespace } from '../support/servers';
import { Receiver } from '../webhooks/receiver';
import { AwaitedRequests, moments, type Aim, type Moment } from './awaited-requests';
import { byteLink, grpcLink, httpRequest, sqlRequest, type Link } from './links';

/**
 * The worker is killed at requests that connecting a customer, or their leaving, makes it wait for. `npm test` takes a few
 * of them, and `KILLS=all` every one, which takes minutes: Temporal gives a silent worker fifteen seconds.
 */
const all = process.env['KILLS'] === 'all';
const LANES = 3;

jest.setTimeout(all ? 3_600_000 : 300_000);

let database: TestDatabase;
let simulator: Simulator;
let sim: SimulatorClient;
let graph: GraphClient;
let folder: string;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'preverified-kills-'));
  database = await testDatabase('postgres');
  simulator = await startSimulator();
  sim = new SimulatorClient(simulator.url);
  await setUpPartner(sim);
  const { secret: appSecret } = app;
  graph = createGraphClient({
    ...{ baseUrl: simulator.url, version: 'v24.0', accessToken: 'EAAJB', appSecret },
  });
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
  await simulator.close();
  await database.close();
  await rm(folder, { recursive: true });
});

/** A namespace with a worker of its own, behind links. */
interface Lane {
  pool: NumberPool;
  connected: Connected;
  records: Records;
  worker: SupervisedProcess;
  receiver: Receiver;
  requests: AwaitedRequests;
}

async function openLane(index: number): Promise<Lane> {
  const requests = new AwaitedRequests();
  const { env: server, close } = await ownNamespace();
  const receiver = await new Receiver().up();
  const { host, port } = database.postgres!;
  const meta = new URL(simulator.url);
  const to = (url: URL): Promise<Link> =>
    byteLink({ host: url.hostname, port: Number(url.port) }, httpRequest, requests);
  const links = {
    meta: await to(meta),
    hooks: await to(new URL(receiver.url)),
    records: await byteLink({ host, port }, sqlRequest, requests),
    temporal: await grpcLink(server.address, requests),
  };
  const file = path.join(folder, `endpoints-${String(index)}.json`);
  const endpoint = {
    ...{ name: 'all', url: `http://127.0.0.1:${String(links.hooks.port)}/hooks` },
    ...{ secrets: [receiver.secret], allowHttp: true, allowPrivateAddress: true },
  };
  writeFileSync(file, JSON.stringify({ endpoints: [endpoint], stock: {} }));
  const env: Record<string, string> = {
    ...partnerSettings,
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: server.namespace ?? 'default',
    TEMPORAL_CONFIG_FILE: path.join(folder, 'none.toml'),
    GRAPH_API_URL: simulator.url,
    GRAPH_ACCESS_TOKEN: 'EAAJB',
    GRAPH_CALLS_PER_SECOND: '1000',
    PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    PORTFOLIO_ID: portfolioId,
    WEBHOOK_ENDPOINTS: file,
    LOG_LEVEL: 'warn',
    RECORDS_URL: database.url,
  };
  const ofWorker = {
    ...env,
    TEMPORAL_ADDRESS: `127.0.0.1:${String(links.temporal.port)}`,
    GRAPH_API_URL: `http://127.0.0.1:${String(links.meta.port)}`,
    RECORDS_URL: database.url.replace(`:${String(port)}/`, `:${String(links.records.port)}/`),
  };
  const worker = new SupervisedProcess('worker', () =>
    launch('worker', ofWorker, path.join(folder, `log-${String(index)}`)),
  );
  await worker.start();
  const connected = await connect(readSettings(needs.client, env));
  const records = await openRecords(readSettings(needs.records, env));
  ends.push(async () => {
    await worker.close();
    await records.close();
    await connected.close();
    await receiver.down();
    for (const link of Object.values(links)) link.close();
    await close();
  });
  const pool = new NumberPool(connected.client, { portfolioId, by: 'test' });
  return { pool, connected, records, worker, receiver, requests };
}

/** Where the worker dies while a customer is connected, and while they leave. */
interface Deaths {
  connecting: { aim: Aim; moment: Moment };
  leaving: { aim: Aim; moment: Moment };
}

const at =
  (pattern: RegExp): Aim =>
  (name) =>
    pattern.test(name);
const few: readonly Deaths[] = [
  [/^POST .*subscribed_apps/, /^DELETE \S+\/\d+$/, 'done'],
  [/^POST .*assigned_users/, /^DELETE .*subscribed_apps/, 'done'],
  [/credit_sharing_and_attach/, /^insert into "token_events"/, 'done'],
  [/credit_sharing_and_attach/, /^StartWorkflowExecution/, 'lost'],
  [/^POST \/hooks/, /^insert into "releases"/, 'lost'],
].map(([connecting, leaving, moment]) => ({
  connecting: { aim: at(connecting as RegExp), moment: moment as Moment },
  leaving: { aim: at(leaving as RegExp), moment: moment as Moment },
}));

/** Every request, and of each whether it is lost or its answer; until the end of `over`. */
function* every(over: { connecting: boolean; leaving: boolean }): Generator<Deaths> {
  for (let at = 0; !(over.connecting && over.leaving); at++)
    for (const moment of moments) {
      const death = { aim: (_: string, made: number) => made === at, moment };
      yield { connecting: death, leaving: death };
    }
}

let customers = 0;
/** @returns the requests at which the worker was killed, `null` where it was not */
async function live(lane: Lane, deaths: Deaths): Promise<Record<keyof Deaths, string | null>> {
  const { pool, records, worker, receiver, requests } = lane;
  const one = ++customers;
  const wabaId = `8800${String(one).padStart(6, '0')}` as WabaId;
  const businessId = `99${String(one).padStart(6, '0')}`;
  const digits = `1555079${String(one).padStart(4, '0')}`;
  const others = [`8811${String(one).padStart(6, '0')}`, `8822${String(one).padStart(6, '0')}`] as WabaId[];
  await sim.setWaba(wabaId, { businessId, sharedWith: [portfolioId] });
  // One is another WABA of the same business.
  await sim.setWaba(others[0]!, { businessId, sharedWith: [portfolioId] });
  await sim.setWaba(others[1]!, { businessId: `98${String(one)}`, sharedWith: [portfolioId] });
  for (const other of others) await graph.shareCreditLine(creditLine, other, 'USD');
  const token = await graph.exchangeSignupCode(app, await sim.signupCode(wabaId));
  await records.customerTokens.keep({
    ...{ wabaId, businessId: null, customerId: wabaId, token, scopes: [], expiresAt: null },
    ...{ by: 'test', at: new Date().toISOString() },
  });
  await pool.add(`+${digits}`);
  await pool.submitCode(digits, { code: await sim.nextMessage(digits) });
  await sim.request('POST', 'claim', { phoneNumber: digits, wabaId, businessId });
  await pool.claim(digits, { wabaId, source: 'test', customerId: wabaId });
  await pool.waitFor(digits, 'Registered', { timeout: 60_000 });

  const hits: Record<keyof Deaths, string | null> = { connecting: null, leaving: null };
  let killed: Promise<void> | null = null;
  const arm = (stage: keyof Deaths) =>
    requests.arm(deaths[stage].aim, deaths[stage].moment, (name) => {
      hits[stage] = name;
      killed = worker.kill();
    });
  const comesTo = (state: string) =>
    until(async () => {
      if (killed) {
        await killed;
        killed = null;
        await worker.start();
      }
      const record = await pool.getCustomer(wabaId).catch(() => null);
      return record?.state === state && webhooks(`customer.${state.toLowerCase()}`).length > 0;
    });
  const webhooks = (of: string) =>
    receiver.received.filter(({ body: { type, data } }) => type === of && data['wabaId'] === wabaId);
  arm('connecting');
  await pool.signalCustomer('connect', wabaId, { businessId });
  await comesTo('Connected');
  arm('leaving');
  await pool.signalCustomer('offboard', wabaId, { reason: 'test' });
  await comesTo('Left');
  requests.disarm();

  const where = JSON.stringify(hits);
  const wabas = await sim.wabas();
  const { creditShares, subscribedAppIds } = wabas.find((each) => each.wabaId === wabaId)!;
  const log = await sim.calls({});
  const made = (call: string, objectId: string) =>
    log.filter((each) => each.call === call && each.objectId === objectId && each.status === 200).length;
  const shares = log.filter(
    (each) =>
      each.call === 'whatsapp_credit_sharing_and_attach' &&
      each.params['waba_id'] === wabaId &&
      each.status === 200,
  );
  const events = await records.customerTokens.events(wabaId);
  const releases = await records.use((db) =>
    db.selectFrom('releases').selectAll().where('phone_number', '=', digits).execute(),
  );
  expect({
    where,
    subscribed: made('subscribed_apps', wabaId),
    assigned: made('assigned_users', wabaId),
    shared: shares.length,
    statuses: creditShares.map(({ requestStatus }) => requestStatus),
    revoked: creditShares.map(({ allocationConfigId }) => made('revoke_credit_sharing', allocationConfigId)),
    unsubscribed: made('unsubscribe_app', wabaId),
    subscribedAppIds,
    released: releases.length,
    events: events.map(({ what }) => what),
    left: new Set(webhooks('customer.left').map(({ id }) => id)).size,
    others: others.map((other) => wabas.find((each) => each.wabaId === other)?.funded),
  }).toEqual({
    where,
    ...{ subscribed: 1, assigned: 1, shared: 1, statuses: ['DELETED'], revoked: [1], unsubscribed: 1 },
    ...{ subscribedAppIds: [], released: 1, events: ['kept', 'destroyed'], left: 1 },
    others: [true, true],
  });
  return hits;
}

test('a worker that is killed at any request of connecting and leaving does each step once, and leaves nothing behind', async () => {
  const over = { connecting: false, leaving: false };
  const deaths = (all ? every(over) : few)[Symbol.iterator]();
  const hits = { connecting: new Set<string>(), leaving: new Set<string>() };
  const lanes = await Promise.all(Array.from({ length: LANES }, (_, index) => openLane(index)));
  await Promise.all(
    lanes.map(async (lane) => {
      for (let next = deaths.next(); !next.done; next = deaths.next()) {
        const hit = await live(lane, next.value);
        if (all) console.log(JSON.stringify(hit));
        for (const stage of ['connecting', 'leaving'] as const) {
          if (hit[stage] === null) over[stage] = true;
          else hits[stage].add(hit[stage]);
        }
      }
    }),
  );
  if (!all) expect([over, hits.connecting.size, hits.leaving.size]).toEqual([over, 4, 5]);
  expect(all || !(over.connecting || over.leaving)).toBe(true);
});
