import { createGraphClient } from '../../activities/graph';
import type { NumberPool } from '../../client';
import type { BusinessId, WabaId } from '../../contract/ids';
import { openRecords, type Records } from '../../records';
import { needs, readSettings } from '../../settings';
import { Laptop } from '../client/laptop';

const app = { id: '670843887433847', secret: 'app-secret' };

let laptop: Laptop;
let pool: NumberPool;
let records: Records;
beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
  records = await openRecords(readSettings(needs.records, laptop.env));
  await laptop.sim.setApp(app);
});
afterAll(async () => {
  await records.close();
  await laptop.close();
});

/** The customer signs up, and records hold the token under the WABA. */
async function grant(wabaId: string, granted = wabaId): Promise<string> {
  const graph = createGraphClient({ baseUrl: laptop.sim.url, version: 'v24.0', accessToken: 'none' });
  const token = await graph.exchangeSignupCode(app, await laptop.sim.signupCode(granted));
  const { scopes, expiresAt } = await graph.debugToken(app, token);
  await records.customerTokens.keep({
    ...{ wabaId: wabaId as WabaId, businessId: '506914307656635' as BusinessId, customerId: null },
    ...{ token, scopes, expiresAt, by: 'test', at: new Date().toISOString() },
  });
  return token;
}

const held = (wabaId: string) => records.customerTokens.held(wabaId as WabaId);

async function claimed(number: string, wabaId: string): Promise<void> {
  await pool.add(number);
  await pool.submitCode(number, { code: await laptop.sim.nextMessage(number) });
  await laptop.sim.claimNumber(number, wabaId);
  await pool.claim(number, { wabaId, source: 'test' });
  await pool.waitFor(number, 'Registered');
}

const tokenKinds = async (call: string, number: string) =>
  (await laptop.sim.calls({ call, number })).map(({ tokenKind }) => tokenKind);

test('a number is registered with its customer’s token, and with the system token once Meta refuses that', async () => {
  const [number, wabaId] = ['15550781001', '102290129340001'];
  const token = await grant(wabaId);
  await claimed(number, wabaId);
  expect(await tokenKinds('register', number)).toEqual(['business']);
  expect(await tokenKinds('add_phone_numbers', number)).toEqual(['system']);

  await laptop.sim.revokeToken({ wabaId });
  await pool.setPin(number, 'test');
  expect(await tokenKinds('set_pin', number)).toEqual(['business', 'system']);
  const { invalidSince, problem } = (await held(wabaId)) ?? {};
  expect(invalidSince).toMatch(/^\d{4}-/);
  expect(problem).toContain("Meta refuses the customer's token (code 190/458)");
  expect(problem).toContain('sign up again');
  expect(problem).not.toContain(token);
});

test('one that Meta has refused is not shown to it again, until the customer has signed up anew', async () => {
  const [first, second, third, wabaId] = ['15550781002', '15550781003', '15550781004', '102290129340002'];
  await grant(wabaId);
  await laptop.sim.setPermissions({ wabaId }, ['whatsapp_business_management']);
  await claimed(first, wabaId);
  expect(await tokenKinds('register', first)).toEqual(['business', 'system']);
  await claimed(second, wabaId);
  expect(await tokenKinds('register', second)).toEqual(['system']);
  await grant(wabaId);
  await claimed(third, wabaId);
  expect(await tokenKinds('register', third)).toEqual(['business']);
});

test('one of another WABA is found out by the first call', async () => {
  const [number, wabaId] = ['15550781005', '102290129340003'];
  await grant(wabaId, '102290129340004');
  await claimed(number, wabaId);
  expect(await tokenKinds('register', number)).toEqual(['system']);
  expect((await held(wabaId))?.problem).toContain('100/33');
});

test('no token stands in a history', async () => {
  const tokens = (await laptop.sim.tokens()).map(({ token }) => token);
  expect(tokens.length).toBeGreaterThan(3);
  for (const number of ['15550781001', '15550781002', '15550781005']) {
    const history = await laptop.connected.client.workflow.getHandle(`number:${number}`).fetchHistory();
    const { loadedDataConverter } = laptop.connected.client.options;
    const payloads = (history.events ?? []).flatMap((event) => [
      ...(event.activityTaskScheduledEventAttributes?.input?.payloads ?? []),
      ...(event.activityTaskCompletedEventAttributes?.result?.payloads ?? []),
    ]);
    const opened = await loadedDataConverter.payloadCodecs[0]?.decode(payloads);
    const text = (opened ?? []).map(({ data }) => Buffer.from(data ?? []).toString()).join('\n');
    expect(text).toContain(number);
    for (const token of tokens) expect(text).not.toContain(token);
  }
});
