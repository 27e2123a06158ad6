import { number, portfolio, startTalk, waba, type Talk } from './talk';

let talk: Talk;
beforeEach(async () => {
  talk = await startTalk();
});
afterEach(() => talk.simulator.close());

const success = { status: 200, body: { success: true } };

test('a number is added, verified with the code it receives, claimed and registered', async () => {
  const added = await talk.graph('POST', `${portfolio}/add_phone_numbers`, { phone_number: number });
  expect(added.status).toBe(200);
  expect(added.body).toEqual({ id: expect.stringMatching(/^\d{15}$/) });
  const { id } = added.body;

  const asked = await talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US' });
  expect(asked).toMatchObject(success);
  const [message] = await talk.sim('GET', `messages?to=${number}`);
  expect(message).toMatchObject({
    to: number,
    method: 'SMS',
    language: 'en_US',
    at: '2026-01-01T00:00:00.500Z',
  });
  expect(message.text).toMatch(/^WhatsApp code \d{3}-\d{3}$/);

  const code = message.text.replace(/\D/g, '');
  expect(await talk.graph('POST', `${id}/verify_code`, { code })).toMatchObject(success);
  const fields = 'phone_number,code_verification_status,code_verification_time,verification_expiry_time';
  expect((await talk.graph('GET', id, { fields })).body).toEqual({
    id,
    phone_number: '+1 555-078-3881',
    code_verification_status: 'VERIFIED',
    code_verification_time: '2026-01-01T00:00:00+0000',
    verification_expiry_time: '2026-04-01T00:00:00+0000',
  });

  const { phoneNumberId } = await talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba });
  const listed = await talk.graph('GET', `${waba}/phone_numbers`, { fields: 'display_phone_number,status' });
  expect(listed.body.data).toEqual([
    { id: phoneNumberId, display_phone_number: '+1 555-078-3881', status: 'PENDING' },
  ]);

  const registered = await talk.graph('POST', `${phoneNumberId}/register`, {
    messaging_product: 'whatsapp',
    pin: '123456',
  });
  expect(registered).toMatchObject(success);
  const phoneFields = 'status,platform_type,code_verification_status,is_preverified_number,is_pin_enabled';
  expect((await talk.graph('GET', phoneNumberId, { fields: phoneFields })).body).toEqual({
    id: phoneNumberId,
    status: 'CONNECTED',
    platform_type: 'CLOUD_API',
    code_verification_status: 'VERIFIED',
    is_preverified_number: true,
    is_pin_enabled: true,
  });
});
