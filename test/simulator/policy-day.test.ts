import { number, startTalk, waba, type Talk } from './talk';

/** A quarter of a second for a day: 90 days take 22.5 seconds, the window begins 11.25 seconds before the expiry. */
let talk: Talk;
beforeEach(async () => {
  talk = await startTalk({ day: 250 });
});
afterEach(() => talk.simulator.close());

const fields = 'code_verification_status,code_verification_time,verification_expiry_time';

test('an unverified number is removed after 90 policy days', async () => {
  const id = await talk.add();
  await talk.advance(22_499);
  expect((await talk.graph('GET', id)).status).toBe(200);
  await talk.advance(1);
  expect((await talk.graph('GET', id)).status).toBe(400);
});

test('what is stated in seconds is what holds: rounded up, to the millisecond', async () => {
  const id = await talk.add();
  await talk.verify(id);
  const verified = {
    id,
    code_verification_status: 'VERIFIED',
    code_verification_time: '2026-01-01T00:00:00+0000',
    verification_expiry_time: '2026-01-01T00:00:23+0000',
  };
  await talk.sim('POST', 'clock', { now: '2026-01-01T00:00:22.999Z' });
  expect((await talk.graph('GET', id, { fields })).body).toEqual(verified);
  await talk.advance(1);
  expect((await talk.graph('GET', id, { fields })).body).toEqual({
    ...verified,
    code_verification_status: 'EXPIRED',
  });
});

test('it can be verified again from 45 policy days before the stated expiry', async () => {
  const id = await talk.add();
  await talk.verify(id);
  const ask = () => talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US' });
  await talk.sim('POST', 'clock', { now: Date.parse('2026-01-01T00:00:23Z') - 11_251 });
  expect((await ask()).body.error.code).toBe(136024);
  await talk.advance(1);
  expect((await ask()).body).toEqual({ success: true });
});

test('a claimed number is registered within 90 policy days', async () => {
  const preverifiedId = await talk.add();
  await talk.verify(preverifiedId);
  const { phoneNumberId } = await talk.sim('POST', 'claim', { preverifiedId, wabaId: waba });
  await talk.sim('POST', 'clock', { advancePolicyDays: 90 });
  const registered = await talk.graph('POST', `${String(phoneNumberId)}/register`, {
    messaging_product: 'whatsapp',
    pin: '123456',
  });
  expect(registered.body.error.code).toBe(133006);
});

test('minutes stay real: a code lives ten of them', async () => {
  const id = await talk.add();
  await talk.verify(id);
  await talk.advance('1 minute');
  await talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US' });
  await talk.advance('9 minutes');
  const code = await talk.lastCode(number);
  expect((await talk.graph('POST', `${id}/verify_code`, { code })).body).toEqual({ success: true });
});

test('a policy day is a length of time', async () => {
  await expect(startTalk({ day: 0 })).rejects.toThrow(RangeError);
});
