import { auditNumber } from '../../audit';
import type { NumberRecord } from '../../contract/number-record';
import { PoolWithWebhooks } from './pool-with-webhooks';
import { Receiver } from './receiver';

// A reported claim is a hint: state, attributes and webhooks change when Meta shows the number on the WABA, and not before.

const crm = new Receiver();
let setup: PoolWithWebhooks;
beforeAll(async () => {
  await crm.up();
  setup = await PoolWithWebhooks.start();
  await setup.setEndpoints({ crm: { receiver: crm } });
}, 120_000);
afterAll(async () => {
  await setup.close();
  await crm.down();
});

let last = 15550340000;
const newNumber = () => String(++last);
let lastWaba = 7700;
const newWaba = () => String(++lastWaba);

const lookedFor = ({ reportedClaims }: NumberRecord) => (reportedClaims[0]?.looks ?? 0) > 0;

/** Everything that others can see of a number. */
async function seen(number: string) {
  const { state, claim, reservation, problem } = await setup.pool.get(number);
  const listed = [];
  for await (const each of setup.pool.list({ state: 'Claimed' })) listed.push(each.phoneNumber);
  return {
    state,
    claim,
    reservation,
    problem,
    listedAsClaimed: listed.includes(number),
    claimedWebhooks: crm.types(number).filter((type) => /claim|problem/.test(type)),
  };
}
const unmoved = {
  state: 'Verified',
  claim: null,
  problem: null,
  listedAsClaimed: false,
  claimedWebhooks: [],
};

async function agrees(number: string): Promise<void> {
  expect(await auditNumber(setup.laptop.connected.client, number)).toMatchObject({ agrees: true });
}

test('a false claim by update is answered with ClaimNotFound and moves nothing', async () => {
  const number = newNumber();
  await setup.verified(number);
  await expect(
    setup.pool.claim(number, { wabaId: newWaba(), source: 'signup FINISH', by: 'a browser' }),
  ).rejects.toMatchObject({ type: 'ClaimNotFound' });
  expect(await seen(number)).toMatchObject(unmoved);
  const { reportedClaims } = await setup.pool.get(number);
  expect(reportedClaims).toMatchObject([{ source: 'signup FINISH', looks: 1 }]);
  await agrees(number);
});

test('a false claim by signal shows as the last refusal and moves nothing', async () => {
  const number = newNumber();
  await setup.verified(number);
  await setup.pool.signal.claim(number, { wabaId: newWaba(), source: 'a rumour', by: 'eve' });
  const { lastRefusal } = await setup.pool.waitUntil(number, (record) => record.lastRefusal !== null);
  expect(lastRefusal).toMatchObject({ name: 'claim', type: 'ClaimNotFound', by: 'eve' });
  expect(await seen(number)).toMatchObject(unmoved);
  await agrees(number);
});

test('of two reports the true one is found, and the other says nothing any more', async () => {
  const number = newNumber();
  const preverifiedId = await setup.verified(number);
  const wabaId = newWaba();
  await setup.laptop.sim.claim(preverifiedId, wabaId);
  await setup.pool.signal.claim(number, { wabaId: newWaba(), source: 'a rumour' });
  await setup.pool.signal.claim(number, { wabaId, source: 'signup FINISH', by: 'carol' });
  const record = await setup.pool.waitFor(number, 'Claimed', { timeout: 30_000 });
  expect(record).toMatchObject({ claim: { wabaId, source: 'signup FINISH' }, reportedClaims: [] });
  const { body } = await crm.receives('number.claimed', number);
  expect(body.data).toMatchObject({ from: 'Verified', by: 'carol', claim: { wabaId } });
  expect(crm.types(number).filter((type) => type === 'number.claimed')).toHaveLength(1);
  await agrees(number);
});

test('a report on a reserved number ends the reservation once it is shown, and tells whose it was', async () => {
  const number = newNumber();
  const preverifiedId = await setup.verified(number);
  await setup.pool.reserve(number, { customerId: 'alice' });
  const wabaId = newWaba();
  const claim = { wabaId, customerId: 'bob', source: 'signup FINISH' };
  await expect(setup.pool.claim(number, claim)).rejects.toMatchObject({ type: 'ClaimNotFound' });
  expect(await seen(number)).toMatchObject({ ...unmoved, reservation: { customerId: 'alice' } });
  // It is for nobody else meanwhile.
  await expect(setup.pool.reserve(number, { customerId: 'carol' })).rejects.toMatchObject({
    type: 'Reserved',
  });
  await setup.laptop.sim.claim(preverifiedId, wabaId);
  expect(await setup.pool.claim(number, claim)).toMatchObject({
    state: 'Claimed',
    reservation: null,
    problem: { code: 'ReservedForAnother' },
  });
  await crm.receives('number.claimed', number);
  expect((await crm.receives('warning.problem', number)).body.data['problem']).toMatchObject({
    code: 'ReservedForAnother',
  });
  await agrees(number);
});

test('a reported number is not offered to others', async () => {
  const number = newNumber();
  await setup.verified(number);
  await setup.pool.signal.claim(number, { wabaId: newWaba(), customerId: 'bob', source: 'signup FINISH' });
  await setup.pool.waitUntil(number, lookedFor, { timeout: 30_000 });
  await expect(
    setup.pool.signupConfig([number], { version: 'v4', configId: '1', customerId: 'alice' }),
  ).rejects.toThrow();
  await expect(setup.pool.signupConfig([number], { version: 'v4', configId: '1' })).rejects.toThrow(/claim/);
});

test('a claim of a number that is registered already ends its life at once, and a report after that is too late', async () => {
  const number = newNumber();
  const preverifiedId = await setup.verified(number);
  const wabaId = newWaba();
  const { phoneNumberId } = await setup.laptop.sim.claim(preverifiedId, wabaId);
  await fetch(`${setup.laptop.sim.url}/v24.0/${phoneNumberId}/register`, {
    method: 'POST',
    headers: { authorization: 'Bearer a-token' },
    body: new URLSearchParams({ messaging_product: 'whatsapp', pin: '135790' }),
  });
  expect(await setup.pool.claim(number, { wabaId, source: 'reconcile' })).toMatchObject({
    state: 'Registered',
  });
  await crm.receives('number.registered', number);
  expect(crm.types(number)).not.toContain('number.claimed');
  await expect(setup.pool.claim(number, { wabaId: newWaba(), source: 'late' })).rejects.toMatchObject({
    type: 'WrongState',
  });
  await agrees(number);
});

test('a report during a renewal lets the renewal go on; a true one then wins', async () => {
  const number = newNumber();
  const preverifiedId = await setup.verified(number, { policy: { reverifyWindow: '90 days' } });
  // Meta is in the last 45 days of the verification (rule 3).
  await setup.laptop.sim.advanceClock('46 days');
  await setup.pool.requestCode(number);
  const wabaId = newWaba();
  await setup.pool.signal.claim(number, { wabaId, source: 'too early' });
  await setup.pool.waitUntil(number, lookedFor, { timeout: 30_000 });
  expect(await seen(number)).toMatchObject(unmoved);
  expect((await setup.pool.get(number)).phase).toBe('renewing.waiting');
  const before = (await setup.pool.get(number)).verificationExpiresAt;
  await setup.pool.submitCode(number, { code: await setup.laptop.sim.nextMessage(number) });
  const renewed = await setup.pool.get(number);
  expect(Date.parse(renewed.verificationExpiresAt!)).toBeGreaterThan(Date.parse(before!));
  await setup.laptop.sim.claim(preverifiedId, wabaId);
  expect(await setup.pool.claim(number, { wabaId, source: 'signup FINISH' })).toMatchObject({
    state: 'Claimed',
  });
  await crm.receives('number.claimed', number);
  await agrees(number);
});
