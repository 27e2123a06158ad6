import { createGraphClient } from '../../activities/graph';
import type { NumberPool } from '../../client';
import type { WabaId } from '../../contract/ids';
import { openRecords, type Records } from '../../records';
import { needs, readSettings } from '../../settings';
import { Laptop, portfolioId } from '../client/laptop';
import { app, businessId, partnerLaptop } from './partner';

let laptop: Laptop;
let pool: NumberPool;
let records: Records;
beforeAll(async () => {
  laptop = await partnerLaptop();
  pool = laptop.pool();
  records = await openRecords(readSettings(needs.records, laptop.env));
});
afterAll(async () => {
  await records.close();
  await laptop.close();
});

/** Records hold a token for the WABA that was granted for another one, or for itself. */
async function hold(wabaId: WabaId, granted = wabaId): Promise<void> {
  const { sim } = laptop;
  await sim.setWaba(wabaId, { businessId, sharedWith: [portfolioId] });
  const graph = createGraphClient({ baseUrl: sim.url, version: 'v24.0', accessToken: 'none' });
  const token = await graph.exchangeSignupCode(app, await sim.signupCode(granted));
  const kept = { wabaId, businessId: null, customerId: null, token, scopes: [], expiresAt: null };
  await records.customerTokens.keep({ ...kept, by: 'test', at: new Date().toISOString() });
}

const calls = async (wabaId: string) =>
  (await laptop.sim.calls()).filter(({ objectId }) => objectId === wabaId);
const refusedOf = async (wabaId: string) =>
  (await calls(wabaId)).filter(({ tokenKind, status }) => tokenKind === 'business' && status !== 200);

describe("a customer's own token", () => {
  test.each<[string, WabaId, (wabaId: WabaId) => Promise<unknown>, string]>([
    [
      'without a permission',
      '70001' as WabaId,
      async (wabaId) => {
        await hold(wabaId);
        await laptop.sim.setPermissions({ wabaId }, ['whatsapp_business_messaging']);
      },
      '200',
    ],
    ['of another WABA', '70002' as WabaId, (wabaId) => hold(wabaId, '70009' as WabaId), '100/33'],
    [
      'revoked before its first use',
      '70003' as WabaId,
      async (wabaId) => {
        await hold(wabaId);
        await laptop.sim.revokeToken({ wabaId });
      },
      '190/458',
    ],
  ])(
    '%s is tried once: the customer is connected by the system token, and told of',
    async (_, wabaId, given, code) => {
      await given(wabaId);
      await pool.connectCustomer(wabaId, { businessId });
      const customer = await pool.waitUntilCustomer(
        wabaId,
        ({ state, problem }) => state === 'Connected' && problem !== null,
      );
      expect(customer.problem).toMatchObject({ code, needsPerson: true });
      expect(customer.problem?.message).toContain("the customer's own token");
      expect(customer.problem?.whatToDo).toContain('sign up again');
      await pool.refreshCustomer(wabaId);
      await pool.refreshCustomer(wabaId);
      expect(await refusedOf(wabaId)).toHaveLength(1);
      const { problem } = await pool.getCustomer(wabaId);
      expect(problem).toMatchObject({ code, since: customer.problem?.since });

      // A new signup ends it.
      await hold(wabaId);
      expect((await pool.refreshCustomer(wabaId)).problem).toBeNull();
      expect((await calls(wabaId)).at(-1)).toMatchObject({ tokenKind: 'business', status: 200 });
    },
  );

  test('revoked in mid-life is found out by the next reading, and nothing is called in a loop', async () => {
    const wabaId = '70004' as WabaId;
    await hold(wabaId);
    await pool.connectCustomer(wabaId, { businessId });
    await pool.waitUntilCustomer(wabaId, ({ state }) => state === 'Connected');
    expect((await pool.refreshCustomer(wabaId)).problem).toBeNull();
    await laptop.sim.revokeToken({ wabaId });
    const before = (await calls(wabaId)).length;
    expect((await pool.refreshCustomer(wabaId)).problem).toMatchObject({ code: '190/458' });
    expect((await pool.refreshCustomer(wabaId)).problem).toMatchObject({ code: '190/458' });
    expect(await refusedOf(wabaId)).toHaveLength(1);
    // One refused, made again with the system token, and one more reading.
    expect((await calls(wabaId)).length - before).toBe(3);
  });
});

test('the system token of an employee who was not assigned is a sentence that says so, and connect goes on once they were', async () => {
  const wabaId = '70005' as WabaId;
  const { sim } = laptop;
  await sim.setWaba(wabaId, { businessId, sharedWith: [portfolioId] });
  const { token, userId } = await sim.issueToken({ role: 'employee', portfolioId });
  await laptop.stopWorker();
  laptop.env['GRAPH_ACCESS_TOKEN'] = token;
  await laptop.startWorker();
  await pool.connectCustomer(wabaId, { businessId });
  const { problem, steps, phase } = await pool.waitUntilCustomer(wabaId, (record) => record.problem !== null);
  expect(phase).toBe('waiting');
  expect(problem?.whatToDo).toMatch(/an admin or was assigned to the WABA/);
  expect(steps[1]).toMatchObject({ name: 'subscribe', status: 'failed' });
  expect(await calls(wabaId)).toHaveLength(1);
  await sim.setWaba(wabaId, { assignedUserIds: [userId] });
  await pool.connectCustomer(wabaId);
  const after = await pool.waitUntilCustomer(wabaId, ({ steps: now }) => now[1]?.status === 'done');
  expect(after.steps[1]).toMatchObject({ status: 'done', problem: null });
});
