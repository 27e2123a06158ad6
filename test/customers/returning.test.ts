import { createGraphClient } from '../../activities/graph';
import type { NumberPool } from '../../client';
import type { WabaId } from '../../contract/ids';
import type { Gateway } from '../../gateway';
import { openRecords, type Records } from '../../records';
import { needs, readSettings } from '../../settings';
import { Laptop, portfolioId, waba } from '../client/laptop';
import { signupGateway, signupToken } from '../signup/signup-gateway';
import { until } from '../signup/until';
import { verifiedNumbers } from '../signup/verified-numbers';
import { businessId, partnerLaptop, partnerSettings } from './partner';

/** A customer signs up again while Meta keeps us from finishing their departure. */

const wabaId = waba as WabaId;
const [before, since] = ['15550783881', '15550783882'] as const;
const offered = ['15550783883', '15550783884'];

let laptop: Laptop;
let pool: NumberPool;
let gateway: Gateway;
let records: Records;
beforeAll(async () => {
  laptop = await partnerLaptop();
  pool = laptop.pool();
  await laptop.sim.setWaba(waba, { businessId, sharedWith: [portfolioId] });
  records = await openRecords(readSettings(needs.records, laptop.env));
  gateway = await signupGateway(laptop, undefined, partnerSettings);
});
afterAll(async () => {
  await gateway.close();
  await records.close();
  await laptop.close();
});

async function signUp(customerId: string): Promise<void> {
  const token = await signupToken(gateway, customerId);
  const code = await laptop.sim.signupCode(wabaId);
  const body = JSON.stringify({ token, code });
  const { status } = await fetch(`${gateway.url}/signup/code-exchange`, { method: 'POST', body });
  expect(status).toBe(202);
}

const tokenOf = (customerId: string) =>
  until(async () => {
    const held = await records.customerTokens.of(wabaId);
    return held?.customerId === customerId && held.token;
  });

async function claim(digits: string, register: boolean): Promise<void> {
  await pool.add(`+${digits}`, { automation: { register } });
  await pool.submitCode(digits, { code: await laptop.sim.nextMessage(digits) });
  await laptop.sim.request('POST', 'claim', { phoneNumber: digits, wabaId, businessId });
  await pool.claim(digits, { wabaId, source: 'test' });
}

/** Why the last signup waits, as the records have it. */
const waitsFor = async () => {
  const last = await records.use((db) =>
    db.selectFrom('signup_exchanges').select('problem').orderBy('at', 'desc').executeTakeFirstOrThrow(),
  );
  return last.problem;
};

test('a customer who signs up again while they leave keeps what they bring, and begins anew once they have left', async () => {
  await verifiedNumbers(pool, laptop.sim, offered);
  await signUp('first');
  const first = await tokenOf('first');
  await claim(before, false);
  await pool.waitUntilCustomer(waba, ({ state }) => state === 'Connected');

  await laptop.sim.fault({ call: 'revoke_credit_sharing', error: { code: 190 } });
  await expect(pool.offboardCustomer(waba)).rejects.toMatchObject({ type: 'MetaRefused' });
  const leaving = await pool.getCustomer(waba);
  expect(leaving).toMatchObject({ phase: 'leaving.waiting', leavingSince: expect.any(String) as string });
  await expect(signal()).resolves.toMatch(
    /WABA \d+ is Connected \(leaving.waiting\): once they have left, connect begins anew/,
  );

  await signUp('second');
  const second = await tokenOf('second');
  expect(second).not.toBe(first);
  expect(await until(waitsFor)).toMatch(
    /is still leaving: the customer is connected anew once they have left/,
  );
  await claim(since, true);
  await pool.waitFor(since, 'Registered');

  await pool.offboardCustomer(waba);
  const returned = await until(async () => {
    const customer = await pool.getCustomer(waba);
    return customer.state === 'Connected' && customer;
  });
  expect(returned).toMatchObject({
    ...{ customerId: 'second', tokenHeld: true, leavingSince: null },
    steps: [{ status: 'done' }, { status: 'done' }, { status: 'done' }, { status: 'done' }],
  });
  expect(await records.customerTokens.of(wabaId)).toMatchObject({ token: second, invalidSince: null });
  expect(await waitsFor()).toBeNull();
  expect(await pool.get(before)).toMatchObject({ state: 'Removed', claim: { wabaId } });
  // Meta shows it on their WABA still: it may be noted already that it is theirs again, with the time between as a gap.
  const [held] = await pool.history(before);
  expect(held).toMatchObject({ wabaId, source: 'test', to: expect.any(String) as string });
  expect(await pool.history(since)).toMatchObject([{ wabaId, to: null }]);

  // It was never registered, and has no life in which it would be.
  const { problem, numbersAtMeta } = await pool.waitUntilCustomer(waba, (record) => record.problem !== null);
  expect(problem).toMatchObject({
    ...{ code: 'NumberNotRegistered', needsPerson: true },
    message: expect.stringMatching(`\\+${before} is on the WABA and not registered`) as string,
  });
  const mute = numbersAtMeta.find(({ phoneNumber }) => phoneNumber === before)!;
  expect(problem?.whatToDo).toContain(mute.phoneNumberId);
  const graph = createGraphClient({ baseUrl: laptop.sim.url, version: 'v24.0', accessToken: 'EAAJB' });
  await graph.registerPhoneNumber(mute.phoneNumberId, '424242', null);
  expect((await pool.refreshCustomer(waba)).problem).toBeNull();

  /** @returns what a service's connect is refused with meanwhile */
  async function signal(): Promise<string> {
    await pool.connectCustomer(waba);
    const refused = await pool.waitUntilCustomer(waba, ({ lastRefusal }) => lastRefusal?.name === 'connect');
    return refused.lastRefusal?.message ?? '';
  }
});
