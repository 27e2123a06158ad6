import { randomInt } from 'node:crypto';
import { RefusedError, type NumberPool } from '../../client';
import { Laptop, waba } from './laptop';

let laptop: Laptop;
let pool: NumberPool;
beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
});
afterAll(() => laptop.close());

const aNumber = () => `1555${String(randomInt(10_000_000)).padStart(7, '0')}`;

/** One that does nothing by itself, in the pool at Meta. */
async function addedByHand(): Promise<string> {
  const number = aNumber();
  await pool.add(number, { automation: { requestCode: false, reverify: false, register: false } });
  await pool.waitUntil(number, ({ phase }) => phase === 'waiting');
  return number;
}

async function verified(): Promise<string> {
  const number = await addedByHand();
  await pool.requestCode(number);
  await pool.submitCode(number, { code: await laptop.sim.nextMessage(number) });
  return number;
}

test('every message is answered with the record that it led to: a whole life by updates', async () => {
  const number = await addedByHand();
  expect(await pool.requestCode(number, { method: 'VOICE' })).toMatchObject({
    state: 'CodeRequested',
    phase: 'waiting',
  });
  const code = await laptop.sim.nextMessage(number);
  expect(await pool.submitCode(number, { code })).toMatchObject({ state: 'Verified', phase: 'fresh' });
  expect(await pool.share(number, { partnerBusinessId: '42' })).toMatchObject({ sharedWith: ['42'] });
  expect(await pool.unshare(number, { partnerBusinessId: '42' })).toMatchObject({ sharedWith: [] });
  expect(await pool.reserve(number, { customerId: 'c1' })).toMatchObject({
    reservation: { customerId: 'c1' },
  });
  expect(await pool.release(number, { customerId: 'c1' })).toMatchObject({ reservation: null });
  const { preverifiedId } = await pool.get(number);
  const { phoneNumberId } = await laptop.sim.claim(preverifiedId!, waba);
  const claim = { wabaId: waba, source: 'signup', customerId: 'c1' };
  expect(await pool.claim(number, claim)).toMatchObject({
    state: 'Claimed',
    claim: { ...claim, phoneNumberId },
  });
  expect(await pool.register(number)).toMatchObject({ state: 'Registered', phase: '' });
});

test('claimFor claims through the API', async () => {
  const number = await verified();
  expect(await pool.claimFor(number, { wabaId: waba, verifiedName: 'Lucky Shrub' })).toMatchObject({
    state: 'Claimed',
    claim: { wabaId: waba },
  });
});

test('remove takes the number out of the pool', async () => {
  const number = await addedByHand();
  expect(await pool.remove(number, { reason: 'sold' })).toMatchObject({ state: 'Removed' });
});

test('messages go out in the name of the pool, or of whom they name', async () => {
  const number = await addedByHand();
  await pool.requestCode(number, { by: undefined });
  await pool.remove(number, { by: 'ops' });
  const { transitions } = await pool.get(number);
  expect(transitions.map(({ event, by }) => [event, by])).toContainEqual(['requestCode', 'test']);
});

test('a refusal by the number is a RefusedError with its type, its words and the number', async () => {
  const number = await verified();
  await expect(pool.requestCode(number)).rejects.toBeInstanceOf(RefusedError);
  await expect(pool.requestCode(number)).rejects.toMatchObject({
    name: 'RefusedError',
    type: 'TooEarlyToReverify',
    number,
    message: expect.stringMatching(/can be verified anew from \d{4}-/),
  });
  await pool.reserve(number, { customerId: 'c1' });
  await expect(pool.reserve(number, { customerId: 'c2' })).rejects.toMatchObject({ type: 'Reserved' });
  await expect(pool.register(number)).rejects.toMatchObject({ type: 'WrongState' });
});

test('a wrong code is refused as WrongCode', async () => {
  const number = await addedByHand();
  await pool.requestCode(number);
  const right = /(\d{3})-(\d{3})/
    .exec(await laptop.sim.nextMessage(number))!
    .slice(1)
    .join('');
  const code = right === '000000' ? '000001' : '000000';
  await expect(pool.submitCode(number, { code })).rejects.toMatchObject({ type: 'WrongCode', number });
});

test('a refusal by Meta is a RefusedError, too', async () => {
  const number = await addedByHand();
  await laptop.sim.fault({ call: 'request_code', number, error: { code: 100 } });
  await expect(pool.requestCode(number)).rejects.toMatchObject({
    name: 'RefusedError',
    type: 'MetaRefused',
    number,
  });
});

test('on a number whose life has ended every message is WrongState, with the state it ended in', async () => {
  const number = await addedByHand();
  await pool.remove(number);
  await pool.waitFor(number, 'Removed');
  const refused = { type: 'WrongState', message: expect.stringContaining(`+${number} is Removed`) };
  await expect(pool.requestCode(number)).rejects.toMatchObject(refused);
  await expect(pool.signal.requestCode(number, {})).rejects.toMatchObject(refused);
});

test('a number that was never added is UnknownNumber, for messages, signals and get', async () => {
  const refused = {
    type: 'UnknownNumber',
    number: '15559999999',
    message: expect.stringContaining('add it first'),
  };
  await expect(pool.remove('15559999999')).rejects.toMatchObject(refused);
  await expect(pool.signal.remove('15559999999', {})).rejects.toMatchObject(refused);
  await expect(pool.get('15559999999')).rejects.toMatchObject(refused);
  await expect(pool.waitFor('15559999999', 'Verified')).rejects.toMatchObject(refused);
});

test('on a number whose workflow was terminated a message is WrongState and says so', async () => {
  const number = await addedByHand();
  await laptop.connected.client.workflow.getHandle(`number:${number}`).terminate('by hand');
  await expect(pool.requestCode(number)).rejects.toMatchObject({
    type: 'WrongState',
    message: expect.stringContaining('has been terminated'),
  });
});

test('a signal moves the number without an answer; one that is refused shows in lastRefusal', async () => {
  const number = await addedByHand();
  await pool.signal.requestCode(number, {});
  await pool.signal.submitCode(number, { code: await laptop.sim.nextMessage(number) });
  await pool.waitFor(number, 'Verified');
  await pool.signal.requestCode(number, {});
  const { lastRefusal } = await pool.waitUntil(number, (record) => record.lastRefusal !== null);
  expect(lastRefusal).toMatchObject({ name: 'requestCode', type: 'TooEarlyToReverify', by: 'test' });
});
