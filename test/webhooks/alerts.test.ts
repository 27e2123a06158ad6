import { setTimeout } from 'node:timers/promises';
import { portfolioId, waba } from '../client/laptop';
import type { NumberFilter } from '../../client';
import { Receiver } from './receiver';
import { ToldPool } from './pool-with-webhooks';

const DAY = 86_400_000;
const crm = new Receiver();
/** How far Meta's clock is behind ours. */
let ago = 0;

let told: ToldPool;
beforeAll(async () => {
  await crm.up();
  told = await ToldPool.start({ now: () => Date.now() - ago });
  await told.tell({ crm: { receiver: crm, events: ['warning.*'] } }, { DE: 2 });
  await crm.takes('warning.stock_low', 'DE');
}, 120_000);
afterAll(async () => {
  await told.close();
  await crm.down();
});

/** Verified as many days ago, as Meta's clock has it. */
async function verifiedAgo(number: string, days: number): Promise<string> {
  ago = days * DAY;
  const preverifiedId = await told.verified(number);
  ago = 0;
  await listed(number, { state: 'Verified' });
  return preverifiedId;
}

/** Temporal's list is a moment behind. */
async function listed(number: string, filter: NumberFilter): Promise<void> {
  for (;;) {
    for await (const { phoneNumber } of told.pool.list(filter)) if (phoneNumber === number) return;
    await setTimeout(50);
  }
}

test('a number that expires within 7 days is warned of once, one that does not is not', async () => {
  const [soon, later] = ['15550330001', '15550330002'];
  await verifiedAgo(soon, 84);
  await verifiedAgo(later, 82);
  const { verificationExpiresAt } = await told.pool.get(soon);

  await told.look();
  expect((await crm.takes('warning.expires_soon', soon)).body.data).toEqual({
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
  const { alerts } = await told.look();
  expect(alerts.filter((one) => one.startsWith(soon))).toHaveLength(1);
  await crmHasAll(alerts);
  expect(crm.types(soon)).toEqual(['warning.expires_soon']);
  expect(crm.types(later)).toEqual([]);
});

test('a claimed number that must be registered within 14 days is warned of once', async () => {
  const [soon, later] = ['15550330003', '15550330004'];
  for (const [number, registerWithin] of [
    [soon, '13 days'],
    [later, '15 days'],
  ] as const) {
    const preverifiedId = await told.verified(number, { policy: { registerWithin } });
    await told.laptop.sim.claim(preverifiedId, waba);
    await told.pool.claim(number, { wabaId: waba, customerId: 'c1', source: 'test' });
    await listed(number, { state: 'Claimed' });
  }
  const { nextDeadline } = await told.pool.get(soon);
  await told.look();
  expect((await crm.takes('warning.register_soon', soon)).body.data).toMatchObject({
    state: 'Claimed',
    wabaId: waba,
    customerId: 'c1',
    nextDeadline: nextDeadline?.at,
  });
  await crmHasAll((await told.look()).alerts);
  expect(crm.types(soon)).toEqual(['warning.register_soon']);
  expect(crm.types(later)).toEqual([]);
});

test('a country with too little stock is warned of once, and again when it has had enough meanwhile', async () => {
  const low = () => crm.types('DE').length;
  expect(crm.about('DE').map(({ body }) => body.data)).toEqual([
    { portfolioId, country: 'DE', free: 0, minimum: 2 },
  ]);
  const [one, two] = ['4930901820001', '4930901820002'];
  await verifiedAgo(one, 0);
  expect((await told.look()).alerts).toContain('stock:DE');
  await verifiedAgo(two, 0);
  expect((await told.look()).alerts).not.toContain('stock:DE');
  expect(low()).toBe(1);

  await told.pool.reserve(two, { customerId: 'c2' });
  await listed(two, { customer: 'c2' });
  await told.look();
  while (low() < 2) await crm.next();
  expect(crm.about('DE').at(-1)?.body.data).toMatchObject({ free: 1, minimum: 2 });
});

/** Each occasion of a number that stands has been told: no more is on its way. */
async function crmHasAll(occasions: string[]): Promise<void> {
  const { client } = told.laptop.connected;
  const numbers = occasions.filter((one) => /^\d/.test(one));
  for (const id of numbers) await client.workflow.getHandle(`webhook:crm:${id}`).result();
}
