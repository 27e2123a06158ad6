import type { NumberPool } from '../../client';
import { Laptop, portfolioId, waba } from '../client/laptop';
import { WorkerProcess } from '../worker/fixtures/worker-process';
import { businessId, partnerSettings, setUpPartner, successes, wabaAtMeta } from './partner';

jest.setTimeout(400_000);

let laptop: Laptop;
let pool: NumberPool;
beforeAll(async () => {
  laptop = await Laptop.start({}, partnerSettings);
  await laptop.stopWorker();
  pool = laptop.pool();
  await setUpPartner(laptop.sim);
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
});
afterAll(() => laptop.close());

/** A worker dies when Meta has acted on the call and its answer is on its way; another one comes. */
async function killedAt(call: string, worker: WorkerProcess): Promise<WorkerProcess> {
  await laptop.sim.arrived(call);
  worker.signal('SIGKILL');
  await worker.ended();
  await laptop.sim.release(call);
  const next = new WorkerProcess(laptop.env);
  await next.ready();
  return next;
}

const hold = (call: string) => laptop.sim.fault({ call, barrier: call, hold: 'answer', times: 1 });

test('a worker that is killed at any call of connecting and leaving leaves each step done once', async () => {
  const connecting = ['subscribed_apps', 'assigned_users', 'whatsapp_credit_sharing_and_attach'];
  const leaving = ['revoke_credit_sharing', 'unsubscribe_app'];
  for (const call of [...connecting, ...leaving]) await hold(call);
  let worker = new WorkerProcess(laptop.env);
  await worker.ready();
  await pool.connectCustomer(waba, { businessId });
  for (const call of connecting) worker = await killedAt(call, worker);
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected', { timeout: 60_000 });
  for (const call of connecting) expect([call, await successes(laptop.sim, call)]).toEqual([call, 1]);

  await pool.tellCustomer('offboard', waba, {});
  for (const call of leaving) worker = await killedAt(call, worker);
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Left', { timeout: 60_000 });
  expect(await successes(laptop.sim, 'revoke_credit_sharing')).toBe(1);
  const { creditShares, subscribedAppIds } = await wabaAtMeta(laptop.sim);
  expect(creditShares.map(({ requestStatus }) => requestStatus)).toEqual(['DELETED']);
  expect(subscribedAppIds).toEqual([]);
  worker.signal('SIGTERM');
  await worker.ended();
});
