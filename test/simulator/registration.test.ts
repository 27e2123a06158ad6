import { startTalk, waba, type Talk } from './talk';

let talk: Talk;
let phoneId: string;
beforeEach(async () => {
  talk = await startTalk();
  const preverifiedId = await talk.add();
  await talk.verify(preverifiedId);
  phoneId = (await talk.sim('POST', 'claim', { preverifiedId, wabaId: waba })).phoneNumberId;
});
afterEach(() => talk.simulator.close());

const register = (parameters = {}) =>
  talk.graph('POST', `${phoneId}/register`, {
    messaging_product: 'whatsapp',
    pin: '123456',
    ...parameters,
  });
const deregister = () => talk.graph('POST', `${phoneId}/deregister`);
const phone = async () =>
  (
    await talk.graph('GET', phoneId, {
      fields: 'status,platform_type,is_pin_enabled,code_verification_status',
    })
  ).body;
const refused = (code: number) => ({ body: { error: { code } } });
const success = { status: 200, body: { success: true } };

test('a number that is not verified any more must be verified first: 133006', async () => {
  await talk.advance('90 days');
  expect(await register()).toMatchObject(refused(133006));
  expect(await phone()).toMatchObject({ status: 'PENDING', platform_type: 'NOT_APPLICABLE' });
  await talk.verify(phoneId);
  expect(await register()).toMatchObject(success);
});

test('a registered number does not lapse', async () => {
  await register({ data_localization_region: 'DE' });
  await talk.advance('1000 days');
  expect(await phone()).toMatchObject({ status: 'CONNECTED', code_verification_status: 'VERIFIED' });
});

test('the first PIN becomes the number’s, another is refused with 133005', async () => {
  expect(await phone()).toMatchObject({ is_pin_enabled: false });
  await register();
  expect(await phone()).toMatchObject({ is_pin_enabled: true });
  expect(await register({ pin: '654321' })).toMatchObject(refused(133005));
  expect(await register()).toMatchObject(success);
});

test('a new PIN can be set', async () => {
  await register();
  expect(await talk.graph('POST', phoneId, { pin: '654321' })).toMatchObject(success);
  expect(await register()).toMatchObject(refused(133005));
  expect(await register({ pin: '654321' })).toMatchObject(success);
});

test.each([
  ['no messaging_product', { messaging_product: '' }],
  ['another messaging_product', { messaging_product: 'telegram' }],
  ['no pin', { pin: '' }],
  ['a short pin', { pin: '12345' }],
  ['an unreadable region', { data_localization_region: 'Germany' }],
])('%s is code 100', async (_, parameters) => {
  expect(await register(parameters)).toMatchObject(refused(100));
  expect(await phone()).toMatchObject({ status: 'PENDING' });
});

test('a registered number can be deregistered, once', async () => {
  await register();
  expect(await deregister()).toMatchObject(success);
  expect(await phone()).toMatchObject({ platform_type: 'NOT_APPLICABLE' });
  expect(await deregister()).toMatchObject(refused(133010));
});

test('register and deregister share ten calls in any 72 hours, wrong PINs included: then 133016', async () => {
  await register();
  await talk.advance('1 hour');
  await deregister();
  for (let call = 3; call <= 10; call += 1) {
    expect(await register({ pin: '654321' })).toMatchObject(refused(133005));
  }
  expect(await register()).toMatchObject(refused(133016));
  expect(await deregister()).toMatchObject(refused(133016));
  await talk.advance(71 * 3_600_000 - 1);
  expect(await register()).toMatchObject(refused(133016));
  await talk.advance(1);
  expect(await register()).toMatchObject(success);
  expect(await register()).toMatchObject(refused(133016));
});

test('an app subscribes to a WABA', async () => {
  const subscribed = async () => (await talk.graph('GET', `${waba}/subscribed_apps`)).body.data;
  expect(await subscribed()).toEqual([]);
  expect(await talk.graph('POST', `${waba}/subscribed_apps`)).toMatchObject(success);
  expect(await subscribed()).toHaveLength(1);
  expect(await talk.graph('DELETE', `${waba}/subscribed_apps`)).toMatchObject(success);
  expect(await subscribed()).toEqual([]);
});

test('a display name that is not ready is 100/2388001 until its review is over', async () => {
  await talk.sim('POST', 'assumptions', { displayNameReview: '3 days' });
  const tooEarly = { status: 400, body: { error: { code: 100, error_subcode: 2388001 } } };
  expect(await register()).toMatchObject(tooEarly);
  await talk.advance('2 days');
  expect(await register()).toMatchObject(tooEarly);
  await talk.advance('1 day');
  expect(await register()).toMatchObject(success);
});

test('registering again may leave the PIN as it is, and the answer says so', async () => {
  await talk.sim('POST', 'assumptions', { registeringAgain: 'pinKept' });
  expect(await register()).toEqual(expect.objectContaining(success));
  expect((await register({ pin: '654321' })).body).toEqual({ success: true, pin_reset: false });
  expect((await register()).body).toEqual({ success: true });
});
