import { number, portfolio, startTalk, waba, type Talk } from './talk';

let talk: Talk;
let id: string;
beforeEach(async () => {
  talk = await startTalk();
  id = await talk.add();
});
afterEach(() => talk.simulator.close());

const gone = { status: 400, body: { error: { code: 100, error_subcode: 33 } } };
const code100 = { status: 400, body: { error: { code: 100 } } };
const statusOf = async (phoneId: string) =>
  (await talk.graph('GET', phoneId, { fields: 'code_verification_status' })).body.code_verification_status;
const document = {
  country_dial_code: '1',
  display_phone_number: '5550783881',
  verified_name: 'Lucky Shrub',
};
const sdk = { cc: '1', phone_number: '5550783881', verified_name: 'Lucky Shrub' };
const claimByApi = (parameters: object) =>
  talk.graph('POST', `${waba}/phone_numbers`, { preverified_id: id, ...parameters });

describe('rule 4: a claim replaces the pre-verified number by a business phone number', () => {
  test('the old object is gone for every call, and from the pool', async () => {
    await talk.verify(id);
    await talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba });
    expect(await talk.graph('GET', id)).toMatchObject(gone);
    expect(await talk.graph('DELETE', id)).toMatchObject(gone);
    expect(await talk.graph('GET', `${id}/partners`)).toMatchObject(gone);
    expect(
      await talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US' }),
    ).toMatchObject(gone);
    expect((await talk.graph('GET', `${portfolio}/preverified_numbers`)).body.data).toEqual([]);
  });

  test('the new one is verified for 90 days from the claim', async () => {
    await talk.verify(id);
    await talk.advance('89 days');
    const { phoneNumberId } = await talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba });
    await talk.advance(90 * 86_400_000 - 1);
    expect(await statusOf(phoneNumberId)).toBe('VERIFIED');
    await talk.advance(1);
    expect(await statusOf(phoneNumberId)).toBe('NOT_VERIFIED');
  });

  test('after that it is verified as a business phone number, for another 90 days', async () => {
    await talk.verify(id);
    const { phoneNumberId } = await talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba });
    const ask = () =>
      talk.graph('POST', `${phoneNumberId}/request_code`, { code_method: 'SMS', language: 'en_US' });
    expect(await ask()).toMatchObject({ body: { error: { code: 136024 } } });
    await talk.advance('90 days');
    expect((await talk.verify(phoneNumberId)).body).toEqual({ success: true });
    await talk.advance(90 * 86_400_000 - 1);
    expect(await statusOf(phoneNumberId)).toBe('VERIFIED');
    await talk.advance(1);
    expect(await statusOf(phoneNumberId)).toBe('NOT_VERIFIED');
  });

  test('an unverified number becomes an unverified business phone number', async () => {
    const { phoneNumberId } = await talk.sim('POST', 'claim', { phoneNumber: `+${number}`, wabaId: waba });
    expect(await statusOf(phoneNumberId)).toBe('NOT_VERIFIED');
  });

  test('so does one whose verification has lapsed', async () => {
    await talk.verify(id);
    await talk.advance('90 days');
    const { phoneNumberId } = await talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba });
    expect(await statusOf(phoneNumberId)).toBe('NOT_VERIFIED');
  });

  test('a number is claimed once', async () => {
    const claim = () => talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba });
    await claim();
    expect(await claim()).toEqual({ error: expect.stringContaining(id) });
  });
});

describe('the claim without the signup screen', () => {
  test.each([
    ["the document's", document],
    ["the SDK's", sdk],
    ['a number with its country code', { ...sdk, phone_number: '+1 555-078-3881' }],
  ])('takes %s parameters', async (_, parameters) => {
    await talk.verify(id);
    const { status, body } = await claimByApi(parameters);
    expect(status).toBe(200);
    expect(
      (await talk.graph('GET', body.id, { fields: 'verified_name,code_verification_status' })).body,
    ).toEqual({
      id: body.id,
      verified_name: 'Lucky Shrub',
      code_verification_status: 'VERIFIED',
    });
    expect(await claimByApi(parameters)).toMatchObject(gone);
  });

  test.each([
    ['another number', { ...document, display_phone_number: '5550783882' }],
    ['another country', { ...document, country_dial_code: '49' }],
    ['no name', { ...document, verified_name: '' }],
    ['no number', { ...sdk, phone_number: '' }],
    ['no country', { ...sdk, cc: '' }],
  ])('refuses %s', async (_, parameters) => {
    await talk.verify(id);
    expect(await claimByApi(parameters)).toMatchObject(code100);
    expect((await talk.graph('GET', id)).status).toBe(200);
  });

  test("without preverified_id it adds a number of the customer's own, unverified", async () => {
    const parameters = { cc: '49', phone_number: '15112345678', verified_name: 'Own' };
    const { body } = await talk.graph('POST', `${waba}/phone_numbers`, parameters);
    const fields = 'is_preverified_number,code_verification_status';
    expect((await talk.graph('GET', body.id, { fields })).body).toEqual({
      id: body.id,
      is_preverified_number: false,
      code_verification_status: 'NOT_VERIFIED',
    });
    expect(await talk.graph('POST', `${waba}/phone_numbers`, parameters)).toMatchObject(code100);
    expect(await talk.graph('POST', `${waba}/phone_numbers`, sdk)).toMatchObject(code100);
  });
});

describe('finding claimed numbers', () => {
  test("a WABA's numbers can be filtered by display_phone_number", async () => {
    const other = await talk.add('4915112345678');
    await talk.sim('POST', 'claim', { preverifiedId: other, wabaId: waba });
    const { phoneNumberId } = await talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba });
    const list = async (parameters = {}) =>
      (await talk.graph('GET', `${waba}/phone_numbers`, parameters)).body.data;
    expect(await list()).toHaveLength(2);
    expect(await list({ display_phone_number: number })).toMatchObject([
      { id: phoneNumberId, display_phone_number: '+1 555-078-3881' },
    ]);
  });

  test('a WABA is listed for the portfolio when it has claimed from its pool', async () => {
    const wabas = async () =>
      (await talk.graph('GET', `${portfolio}/client_whatsapp_business_accounts`)).body.data;
    await talk.graph('GET', `${waba}/phone_numbers`);
    expect(await wabas()).toEqual([]);
    await talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba, businessId: '4711' });
    expect(await wabas()).toEqual([{ id: waba, name: `WABA ${waba}` }]);
    expect((await talk.graph('GET', waba, { fields: 'owner_business_info{id}' })).body).toEqual({
      id: waba,
      owner_business_info: { id: '4711' },
    });
  });
});
