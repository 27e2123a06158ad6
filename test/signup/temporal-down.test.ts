import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSecretKey, randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import type { WabaId } from '../../contract/ids';
import { customerWorkflowIdOf } from '../../contract/workflow-ids';
import { openGateway } from '../../gateway/main';
import { SessionTokens } from '../../gateway/signup/session-tokens';
import { openRecords } from '../../records';
import { needs, readSettings } from '../../settings';
import { startSimulator } from '../../simulator';
import { SimulatorClient } from '../../simulator/client';
import { startDevServer, type DevServer } from '../../stack/dev-server';
import { freePort } from '../../stack/ports';
import { connect } from '../../temporal/connect';
import { ownRecords } from '../support/own-records';
import { until } from './until';

jest.setTimeout(180_000);

const key = randomBytes(32);
const session = (id: string) => ({
  ...{ id, phoneNumber: '15550830001', customerId: id, reservationId: 'r1', country: null },
  ...({ version: 'v4' } as const),
  expiresAt: Date.now() + 30 * 60_000,
});

let temporal: DevServer;
let startTemporal: () => Promise<DevServer>;
let simulator: Awaited<ReturnType<typeof startSimulator>>;
let sim: SimulatorClient;
let env: Record<string, string>;
let removeRecords: () => Promise<void>;

beforeAll(async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'preverified-')), 'temporal.db');
  const options = { port: await freePort(), uiPort: null, file };
  startTemporal = () => startDevServer(options);
  temporal = await startTemporal();
  simulator = await startSimulator();
  sim = new SimulatorClient(simulator.url);
  const { RECORDS_URL, remove } = await ownRecords();
  removeRecords = remove;
  env = {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_CONFIG_FILE: '/nowhere',
    PAYLOAD_KEYS: `k1:${key.toString('base64')}`,
    PORTFOLIO_ID: '506914307656634',
    GRAPH_API_URL: simulator.url,
    META_APP_ID: '1083460255',
    META_APP_SECRET: 'a-secret-of-the-app',
    META_CONFIG_ID: '99',
    GATEWAY_API_KEYS: 'a-key',
    GATEWAY_PORT: '0',
    GATEWAY_REQUESTS_PER_SECOND: '1000',
    LOG_LEVEL: 'silent',
    RECORDS_URL,
  };
});
afterAll(async () => {
  await simulator.close();
  await temporal.stop();
  await removeRecords();
});

const tokens = new SessionTokens([createSecretKey(key)]);
async function handIn(url: string, id: string, waba: WabaId): Promise<number> {
  const body = JSON.stringify({ token: tokens.seal(session(id)), code: await sim.signupCode(waba) });
  return (await fetch(`${url}/signup/code-exchange`, { method: 'POST', body })).status;
}
const begun = async (waba: WabaId) => {
  const { client, close } = await connect(readSettings(needs.client, env));
  try {
    const handle = client.workflow.getHandle(customerWorkflowIdOf(waba));
    return await until(() => handle.describe().catch(() => null));
  } finally {
    await close();
  }
};

test('while Temporal is down no token is lost, and the customers begin afterwards, by a gateway that was started anew, too', async () => {
  const gateway = await openGateway(env);
  const records = await openRecords(readSettings(needs.records, env));
  await temporal.kill();
  const [first, second] = ['901' as WabaId, '902' as WabaId];
  expect(await handIn(gateway.url, 'one', first)).toBe(202);
  expect(await handIn(gateway.url, 'two', second)).toBe(202);
  for (const waba of [first, second]) {
    await until(() => records.customerTokens.of(waba));
  }
  // The gateway dies as well, with nothing in Temporal.
  await gateway.close();
  temporal = await startTemporal();
  const restarted = await openGateway(env);
  await begun(first);
  await begun(second);
  await restarted.close();
  await records.close();
});

test('of many signups at once each code is exchanged within its 30 seconds, and each token is kept for its own WABA', async () => {
  const many = Number(process.env['SIGNUPS'] ?? 200);
  // As many as a busy machine serves in time; all at once where the time is to be measured.
  const atOnce = pLimit(process.env['SIGNUPS'] ? many : 8);
  const perSecond = Number(process.env['SIGNUPS_PER_SECOND'] ?? Infinity);
  const gateway = await openGateway(env);
  const records = await openRecords(readSettings(needs.records, env));
  const wabas = Array.from({ length: many }, (_, index) => String(10_000 + index) as WabaId);
  const taken: number[] = [];
  const statuses = await Promise.all(
    wabas.map((waba, index) =>
      atOnce(async () => {
        await new Promise((resolve) => setTimeout(resolve, (index * 1000) / perSecond));
        const body = JSON.stringify({ token: tokens.seal(session(waba)), code: await sim.signupCode(waba) });
        const from = Date.now();
        const { status } = await fetch(`${gateway.url}/signup/code-exchange`, { method: 'POST', body });
        taken.push(Date.now() - from);
        return status;
      }),
    ),
  );
  expect(statuses).toEqual(wabas.map(() => 202));
  const sorted = taken.sort((one, other) => one - other);
  if (process.env['SIGNUPS']) {
    const at = (part: number) => sorted[Math.min(many - 1, Math.floor(many * part))];
    console.log(`${String(many)} signups: median ${String(at(0.5))} ms, p99 ${String(at(0.99))} ms`);
  }
  expect(sorted.at(-1)).toBeLessThan(30_000);
  for (const waba of wabas) {
    const held = await until(() => records.customerTokens.held(waba));
    expect(held.customerId).toBe(waba);
  }
  await gateway.close();
  await records.close();
});
