import { setTimeout } from 'node:timers/promises';
import { portfolioId, waba } from '../client/laptop';
import type { NumberFilter } from '../../client';
import { Receiver } from './receiver';
import { PoolWithWebhooks } from './pool-with-webhooks';

const DAY = 86_400_000;
const crm = new Receiver();
/** How far Meta's clock is behind ours. */
let ago = 0;

let setup: PoolWithWebhooks;
beforeAll(async () => {
  await crm.up();
  setup = await PoolWithWebhooks.start({ now: () => Date.now() - ago });
  await setup.setEndpoints({ crm: { receiver: crm, events: ['warning.*'] } }, { DE: 2, FR: 1 });
  await crm.receives('warning.stock_low', 'DE');
}, 120_000);
afterAll(async () => {
  await setup.close();
  await crm.down();
});

/** A number that was verified that many days ago by Meta's clock. */
async function verifiedAgo(number: string, days: number): Promise<string> {
  ago = days * DAY;
  const preverifiedId = await setup.verified(number);
  ago = 0;
  await listed(number, { state: 'Verified' });
  return preverifiedId;
}

/** Temporal updates its list a moment after the workflow. */
async function listed(number: string, filter: NumberFilter): Promise<void> {
  for (;;) {
    for await (const { phoneNumber } of setup.pool.list(filter)) if (phoneNumber === number) return;
    await setTimeout(50);
  }
}

test('a number that expires within 7 days causes one alert, one that expires later causes none', async () => {
  const [soon, later] = ['15550330001', '15550330002'];
  await verifiedAgo(soon, 84);
  await verifiedAgo(later, 82);
  const { verificationExpiresAt } = await setup.pool.get(soon);

  await setup.check();
  expect((await crm.receives('warning.expires_soon', soon)).body.data).toEqual({
    phoneNumber: soon,
    portfolioId,
    state: 'Verified',
    country: 'US',
    wabaId: null,
    customerId: null,
    verificationExpiresAt,
    nextDeadline: verificationExpiresAt,
    problem: null,
  });
  const { alerts } = await setup.check();
  expect(alerts.filter((one) => one.startsWith(soon))).toHaveLength(1);
  await delivered(alerts);
  expect(crm.types(soon)).toEqual(['warning.expires_soon']);
  expect(crm.types(later)).toEqual([]);
});

test('a claimed number that must be registered within 14 days causes one alert', async () => {
  const [soon, later] = ['15550330003', '15550330004'];
  for (const [number, registerWithin] of [
    [soon, '13 days'],
    [later, '15 days'],
  ] as const) {
    const preverifiedId = await setup.verified(number, { policy: { registerWithin } });
    await setup.laptop.sim.claim(preverifiedId, waba);
    await setup.pool.claim(number, { wabaId: waba, customerId: 'c1', source: 'test' });
    await listed(number, { state: 'Claimed' });
  }
  const { nextDeadline } = await setup.pool.get(soon);
  await setup.check();
  expect((await crm.receives('warning.register_soon', soon)).body.data).toMatchObject({
    state: 'Claimed',
    wabaId: waba,
    customerId: 'c1',
    nextDeadline: nextDeadline?.at,
  });
  await delivered((await setup.check()).alerts);
  expect(crm.types(soon)).toEqual(['warning.register_soon']);
  expect(crm.types(later)).toEqual([]);
});

test('a country with too little stock causes one alert, and another one if it had enough in between', async () => {
  const low = () => crm.types('DE').length;
  expect(crm.about('DE').map(({ body }) => body.data)).toEqual([
    { portfolioId, country: 'DE', free: 0, minimum: 2 },
  ]);
  const [one, two] = ['4930901820001', '4930901820002'];
  await verifiedAgo(one, 0);
  expect((await setup.check()).alerts).toContain('stock:DE');
  await verifiedAgo(two, 0);
  expect((await setup.check()).alerts).not.toContain('stock:DE');
  expect(low()).toBe(1);

  await setup.pool.reserve(two, { customerId: 'c2' });
  await listed(two, { customerId: 'c2' });
  await setup.check();
  while (low() < 2) await crm.next();
  expect(crm.about('DE').at(-1)?.body.data).toMatchObject({ free: 1, minimum: 2 });
});

test('a number that Meta does not hold any more is no stock, though it is verified and nobody has it', async () => {
  const low = () => crm.types('FR').length;
  const french = '33199001234';
  await verifiedAgo(french, 0);
  expect((await setup.check()).alerts).not.toContain('stock:FR');
  const before = low();
  await setup.laptop.sim.claim((await setup.pool.get(french)).preverifiedId!, waba);
  await expect(setup.pool.refresh(french)).rejects.toMatchObject({ type: 'NotInPool' });
  await listed(french, { state: 'Verified', customerId: null, problem: 'NotInPool' });
  await setup.check();
  while (low() === before) await crm.next();
  expect(crm.about('FR').at(-1)?.body.data).toMatchObject({ free: 0, minimum: 1 });
});

/** Waits until the alerts about numbers are delivered, so that a second delivery would have been seen. */
async function delivered(alerts: string[]): Promise<void> {
  const { client } = setup.laptop.connected;
  const numbers = alerts.filter((one) => /^\d/.test(one));
  for (const id of numbers) await client.workflow.getHandle(`webhook:crm:${id}`).result();
}
