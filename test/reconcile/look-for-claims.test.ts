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

/** A customer took it, and it does not know. */
async function taken(number: string, by = waba): Promise<void> {
  await pool.add(number, byHand);
  const { preverifiedId } = await pool.waitUntil(number, ({ phase }) => phase === 'waiting');
  await laptop.sim.claim(preverifiedId!, by);
}

test('the numbers of a WABA that live here are told of their claim; a stranger stops nothing', async () => {
  // In the pool of another, and on the same WABA now.
  const stranger = await fetch(`${laptop.sim.url}/v24.0/777/add_phone_numbers`, {
    method: 'POST',
    headers: { authorization: 'Bearer another', 'content-type': 'application/json' },
    body: JSON.stringify({ phone_number: '15550310009' }),
  });
  const { id } = (await stranger.json()) as { id: string };
  await laptop.sim.claim(id, waba);
  await taken('15550310001');
  await taken('15550310002');
  await findClaims(laptop.connected.client, wabaId, 'one');
  for (const number of ['15550310001', '15550310002']) {
    expect(await pool.waitFor(number, 'Claimed')).toMatchObject({
      claim: { wabaId: waba, source: 'look for claims' },
    });
  }
  expect(await laptop.connected.client.workflow.getHandle(`claims:${waba}`).result()).toEqual([
    '15550310001',
    '15550310002',
  ]);
});

test('word that comes while a WABA is searched has it searched again, the same word once', async () => {
  const { client } = laptop.connected;
  await laptop.sim.fault({ call: 'phone_numbers', barrier: 'looking' });
  const before = await reads();
  await findClaims(client, wabaId, 'two');
  await laptop.sim.arrived('looking');
  await taken('15550310003');
  await Promise.all(['two', 'three', 'three', 'two'].map((word) => findClaims(client, wabaId, word)));
  await laptop.sim.release('looking');
  await client.workflow.getHandle(`claims:${waba}`).result();
  await pool.waitFor('15550310003', 'Claimed');
  const confirmations = 1;
  expect((await reads()) - before).toBeLessThanOrEqual(2 + confirmations);
});

test('word that comes while no worker runs is heard when one does', async () => {
  await taken('15550310004');
  await laptop.stopWorker();
  await findClaims(laptop.connected.client, wabaId, 'four');
  await laptop.startWorker();
  await pool.waitFor('15550310004', 'Claimed');
});
