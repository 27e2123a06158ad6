import { randomBytes } from 'node:crypto';
import { readHistory } from '../../audit/recorded';
import { createGraphClient } from '../../activities/graph';
import type { WabaId } from '../../contract/ids';
import { openRecords } from '../../records';
import { needs, readSettings } from '../../settings';
import { Laptop, portfolioId, waba } from '../client/laptop';
import { app, businessId, partnerLaptop } from './partner';

let laptop: Laptop;
beforeAll(async () => {
  laptop = await partnerLaptop();
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
});
afterAll(() => laptop.close());

test("a customer's own token is used while Meta takes it, told of when it does not, destroyed when they leave, and in no history", async () => {
  const pool = laptop.pool();
  const graph = createGraphClient({
    ...{ baseUrl: laptop.sim.url, version: 'v24.0', accessToken: 'EAAJB', appSecret: app.secret },
  });
  const token = await graph.exchangeSignupCode(app, await laptop.sim.signupCode(waba));
  const records = await openRecords(readSettings(needs.records, laptop.env));
  const kept = { wabaId: waba as WabaId, businessId: null, customerId: null, token, scopes: [] };
  await records.customerTokens.keep({ ...kept, expiresAt: null, by: 'test', at: new Date().toISOString() });

  await pool.connectCustomer(waba, { businessId });
  const connected = await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', {
    timeout: 30_000,
  });
  expect(connected).toMatchObject({
    tokenHeld: true,
    steps: [{ name: 'exchange', status: 'done' }, {}, {}, {}],
  });
  const [subscribed] = await laptop.sim.calls({ call: 'subscribed_apps' });
  expect(subscribed).toMatchObject({ tokenKind: 'business', status: 200 });

  await laptop.sim.revokeToken({ wabaId: waba });
  const refused = await pool.refreshCustomer(waba);
  expect(refused).toMatchObject({ state: 'Connected', problem: { needsPerson: true } });
  expect(refused.problem?.message).toContain("the customer's own token");

  await pool.offboardCustomer(waba);
  expect(await records.customerTokens.held(waba as WabaId)).toBeNull();
  await records.close();

  const { client } = laptop.connected;
  let read = 0;
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const opened = JSON.stringify(await readHistory(events ?? [], client.options.loadedDataConverter));
    if (opened.includes('subscribeCustomer')) read++;
    expect([workflowId, opened.includes(token)]).toEqual([workflowId, false]);
  }
  expect(read).toBe(1);
  expect(JSON.stringify(await pool.getCustomer(waba))).not.toContain(token);
});

test('a token whose key is lost holds up nothing that is read of the customer, who is told to sign up again', async () => {
  const other = '102290129340398' as WabaId;
  await laptop.sim.setWaba(other, { businessId, sharedWith: [portfolioId] });
  const lost = { PAYLOAD_KEYS: `k0:${randomBytes(32).toString('base64')}` };
  const records = await openRecords(readSettings(needs.records, { ...laptop.env, ...lost }));
  const kept = { wabaId: other, businessId: null, customerId: null, token: 'EAAsecret', scopes: [] };
  await records.customerTokens.keep({ ...kept, expiresAt: null, by: 'test', at: new Date().toISOString() });
  await records.close();

  const pool = laptop.pool();
  await pool.connectCustomer(other, { businessId });
  await pool.waitUntilCustomer(other, ({ state }) => state === 'Connected', { timeout: 30_000 });
  expect(await pool.refreshCustomer(other)).toMatchObject({
    tokenHeld: true,
    problem: {
      code: 'TokenUnreadable',
      message: expect.stringMatching(
        /^The customer's own token cannot be opened: A token was sealed with the key k0, which is not among/,
      ) as string,
      whatToDo: expect.stringMatching(/Have the customer sign up again/) as string,
    },
  });
  const [subscribed] = (await laptop.sim.calls({ call: 'subscribed_apps' })).slice(-1);
  expect(subscribed).toMatchObject({ tokenKind: 'system', status: 200 });
});
