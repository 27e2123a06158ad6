import { findClaims } from '../../client/reconcile/find-claims';
import type { NumberPool } from '../../client';
import type { WabaId } from '../../contract/ids';
import { Laptop, waba } from '../client/laptop';

const wabaId = waba as WabaId;
const byHand = { automation: { requestCode: false, reverify: false, register: false } };

let laptop: Laptop;
let pool: NumberPool;
beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
});
afterAll(() => laptop.close());

const reads = async () => (await laptop.sim.calls({ call: 'phone_numbers' })).length;

/** A customer claims the number, and nothing reports it to the number. */
async function claimedUnreported(number: string, by = waba): Promise<void> {
  await pool.add(number, byHand);
  const { preverifiedId } = await pool.waitUntil(number, ({ phase }) => phase === 'waiting');
  await laptop.sim.claim(preverifiedId!, by);
}

test('each number of ours on the WABA gets a report of its claim; a number of another pool is skipped', async () => {
  // From another portfolio's pool, on the same WABA.
  const foreign = await fetch(`${laptop.sim.url}/v24.0/777/add_phone_numbers`, {
    method: 'POST',
    headers: { authorization: 'Bearer another', 'content-type': 'application/json' },
    body: JSON.stringify({ phone_number: '15550310009' }),
  });
  const { id } = (await foreign.json()) as { id: string };
  await laptop.sim.claim(id, waba);
  await claimedUnreported('15550310001');
  await claimedUnreported('15550310002');
  await findClaims(laptop.connected.client, wabaId, 'one');
  for (const number of ['15550310001', '15550310002']) {
    expect(await pool.waitFor(number, 'Claimed')).toMatchObject({
      claim: { wabaId: waba, source: 'findClaims' },
    });
  }
  expect(await laptop.connected.client.workflow.getHandle(`claims:${waba}`).result()).toEqual([
    '15550310001',
    '15550310002',
  ]);
});

test('requests that arrive during a search cause one more, repeats of a request none', async () => {
  const { client } = laptop.connected;
  await laptop.sim.fault({ call: 'phone_numbers', barrier: 'searching' });
  const before = await reads();
  await findClaims(client, wabaId, 'two');
  await laptop.sim.arrived('searching');
  await claimedUnreported('15550310003');
  await Promise.all(
    ['two', 'three', 'three', 'two'].map((requestId) => findClaims(client, wabaId, requestId)),
  );
  await laptop.sim.release('searching');
  await client.workflow.getHandle(`claims:${waba}`).result();
  await pool.waitFor('15550310003', 'Claimed');
  const confirmations = 1;
  expect((await reads()) - before).toBeLessThanOrEqual(2 + confirmations);
});

test('a request made while no worker runs is carried out once one does', async () => {
  await claimedUnreported('15550310004');
  await laptop.stopWorker();
  await findClaims(laptop.connected.client, wabaId, 'four');
  await laptop.startWorker();
  await pool.waitFor('15550310004', 'Claimed');
});
