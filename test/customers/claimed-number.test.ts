import { auditLives } from '../../audit';
import { whoHad } from '../../audit/who';
import type { NumberPool } from '../../client';
import { openRecordsToRead } from '../../records';
import { needs, readSettings } from '../../settings';
import { Laptop, waba } from '../client/laptop';
import { until } from '../signup/until';
import { businessId, partnerLaptop } from './partner';

/** A customer leaves with numbers that they have claimed, and that were not registered yet. */

let laptop: Laptop;
let pool: NumberPool;
beforeAll(async () => {
  laptop = await partnerLaptop();
  pool = laptop.pool();
});
afterAll(() => laptop.close());

const [registered, byHand, refused, twice] = [
  '15550783881',
  '15550783882',
  '15550783883',
  '15550783884',
] as const;

async function claim(digits: string, register: boolean, customerId = 'acme'): Promise<void> {
  await pool.add(`+${digits}`, { automation: { register } });
  await pool.submitCode(digits, { code: await laptop.sim.nextMessage(digits) });
  await laptop.sim.request('POST', 'claim', { phoneNumber: digits, wabaId: waba, businessId });
  await pool.claim(digits, { wabaId: waba, source: 'test', customerId });
}

test('of two lives that records do not have yet, each is told with whoever had the number in it', async () => {
  await claim(twice, false, 'first');
  const { claim: firstClaim } = await pool.get(twice);
  await pool.endClaim(twice, { wabaId: waba, reason: 'a test' });
  await laptop.sim.deletePhoneNumber(twice);
  await claim(twice, false, 'second');
  const { claim: secondClaim } = await pool.get(twice);
  // Temporal's list is a moment behind.
  const holdings = await until(async () => {
    const found = await whoHad(laptop.connected.client, null, { phoneNumber: twice });
    return found.length === 2 && found;
  });
  expect(holdings).toMatchObject([
    { customerId: 'first', from: firstClaim?.claimedAt, to: secondClaim?.claimedAt, state: 'Removed' },
    { customerId: 'second', from: secondClaim?.claimedAt, to: null, state: 'Claimed' },
  ]);
});

test('every number of theirs is closed in the records, and none of them is left claimed for ever', async () => {
  await laptop.sim.fault({ call: 'register', number: refused, error: { code: 131031 } });
  await claim(registered, true);
  await claim(byHand, false);
  await claim(refused, true);
  await pool.waitFor(registered, 'Registered');
  await pool.waitUntil(refused, ({ problem }) => problem?.needsPerson === true);
  await pool.connectCustomer(waba, { businessId });
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected');
  await expect(pool.endClaim(byHand, { wabaId: '4711' })).rejects.toMatchObject({ type: 'WrongState' });

  await laptop.sim.leave(waba);
  await pool.signalCustomer('reportDeparture', waba, { event: 'PARTNER_REMOVED', businessId });
  const left = await pool.waitUntilCustomer(waba, ({ state }) => state === 'Left');

  const records = await openRecordsToRead(readSettings(needs.records, laptop.env));
  for (const digits of [registered, byHand, refused]) {
    const [holding, ...more] = await pool.history(digits);
    expect(more).toEqual([]);
    expect(holding).toMatchObject({ wabaId: waba, customerId: 'acme', to: expect.any(String) as string });
    expect(Date.parse(holding!.to!)).toBeLessThanOrEqual(Date.parse(left.leftAt!));
  }
  for (const digits of [byHand, refused]) {
    expect(await pool.get(digits)).toMatchObject({
      state: 'Removed',
      claim: { wabaId: waba, customerId: 'acme' },
      problem: null,
      nextDeadline: null,
    });
    const [life] = await auditLives(laptop.connected.client, digits, records);
    expect(life).toMatchObject({ agrees: true, end: 'ended' });
    expect(life?.runs[0]?.rows.find(({ what }) => what === 'update endClaim')).toMatchObject({
      to: 'Removed',
      detail: expect.stringContaining('has left: PARTNER_REMOVED') as string,
    });
  }
  await records.close();
});

test('such a number begins a new life once the customer has deleted it, and Meta says no before', async () => {
  const automation = { requestCode: false, reverify: false, register: false };
  await pool.add(byHand, { automation });
  expect(await pool.waitFor(byHand, 'Rejected')).toMatchObject({
    problem: { code: expect.anything() as string },
  });
  await laptop.sim.deletePhoneNumber(byHand);
  await pool.add(byHand, { automation });
  await pool.waitUntil(byHand, ({ phase }) => phase === 'waiting');
});
