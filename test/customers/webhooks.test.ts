import { customerWorkflowIdOf } from '../../contract/workflow-ids';
import { Laptop, portfolioId, waba } from '../client/laptop';
import { everySecret, TestGateway } from '../gateway/gateway';
import { batch, meta, partnerAdded } from '../gateway/sender';
import { businessId, partnerLaptop, successes, wabaAtMeta } from './partner';

let laptop: Laptop;
let gateway: TestGateway;
beforeAll(async () => {
  laptop = await partnerLaptop();
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
  gateway = await TestGateway.open(laptop.connected.client, { ...everySecret, PORTFOLIO_ID: portfolioId });
});
afterAll(async () => {
  await gateway.close();
  await laptop.close();
});

const update = (event: string, owner = businessId) => ({
  field: 'account_update',
  value: { event, waba_info: { waba_id: waba, owner_business_id: owner } },
});
const deliver = (...changes: object[]) =>
  gateway.send(
    meta({ object: 'whatsapp_business_account', entry: [{ id: portfolioId, time: Date.now(), changes }] }),
  );

test("Meta's webhooks begin a customer once, and end it once Meta shows that they have left", async () => {
  const pool = laptop.pool();
  expect((await deliver(update('PARTNER_REMOVED'))).status).toBe(200);
  await expect(pool.getCustomer(waba)).rejects.toMatchObject({ type: 'UnknownCustomer' });

  expect((await deliver(update('PARTNER_ADDED'))).status).toBe(202);
  expect(await pool.getCustomer(waba)).toMatchObject({
    state: 'Signing',
    businessId,
    steps: [{ status: 'pending' }, {}, {}, {}],
  });
  expect((await gateway.send(meta(batch(partnerAdded(waba, 1739321099))))).status).toBe(202);

  await pool.connectCustomer(waba);
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 30_000 });
  // They are still there, or another business is said to have gone.
  expect((await deliver(update('PARTNER_REMOVED'))).status).toBe(202);
  expect((await deliver(update('PARTNER_REMOVED', '4711'))).status).toBe(202);
  await pool.waitUntilCustomer(waba, ({ lastRefusal }) => lastRefusal !== null, { timeout: 30_000 });
  expect((await pool.getCustomer(waba)).state).toBe('Connected');
  expect(await successes(laptop.sim, 'revoke_credit_sharing')).toBe(0);

  await laptop.sim.leave(waba);
  expect((await deliver(update('ACCOUNT_OFFBOARDED'))).status).toBe(202);
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Left', { timeout: 30_000 });
  expect((await wabaAtMeta(laptop.sim)).creditShares).toMatchObject([{ requestStatus: 'DELETED' }]);

  await laptop.sim.setWaba(waba, { sharedWith: [portfolioId] });
  expect((await deliver(update('ACCOUNT_RECONNECTED'))).status).toBe(202);
  expect(await pool.getCustomer(waba)).toMatchObject({ state: 'Signing', leftAt: null });
  const { client } = laptop.connected;
  const runs = [];
  for await (const { runId } of client.workflow.list({
    query: `WorkflowId = '${customerWorkflowIdOf(waba)}'`,
  }))
    runs.push(runId);
  expect(runs.length).toBeLessThanOrEqual(2);
});
