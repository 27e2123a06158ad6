import {
  Business,
  ExtendedCredit,
  ExtendedCreditAllocationConfig,
  FacebookAdsApi,
  WhatsAppBusinessAccount,
  WhatsAppBusinessPreVerifiedPhoneNumber,
} from 'facebook-nodejs-business-sdk';
import { number, portfolio as portfolioId, startTalk, waba as wabaId, type Talk } from './talk';

/** Meta's own Node SDK drives every call that it has, and `api.call` those that it has no method for. */
let talk: Talk;
let api: FacebookAdsApi;
beforeEach(async () => {
  talk = await startTalk();
  jest.spyOn(FacebookAdsApi, 'GRAPH', 'get').mockReturnValue(talk.simulator.url);
  api = FacebookAdsApi.init('EAAJB', 'en_US', false);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await talk.simulator.close();
});

const portfolio = () => new Business(portfolioId);
const add = async (phoneNumber = number) =>
  (await portfolio().createAddPhoneNumber([], { phone_number: phoneNumber })).id;
const preverified = (id: string) => new WhatsAppBusinessPreVerifiedPhoneNumber(id);
const verify = async (id: string) => {
  await preverified(id).createRequestCode([], { code_method: 'SMS', language: 'en_US' });
  return preverified(id).createVerifyCode([], { code: await talk.lastCode() });
};

test('a number is added, verified, claimed through the API, registered and subscribed to', async () => {
  const id = await add();
  const asked = await preverified(id).createRequestCode([], { code_method: 'VOICE', language: 'en_US' });
  expect(asked.success).toBe(true);
  const verified = await preverified(id).createVerifyCode([], { code: await talk.lastCode() });
  expect(verified.success).toBe(true);

  const waba = new WhatsAppBusinessAccount(wabaId);
  const phone = await waba.createPhoneNumber([], {
    preverified_id: id,
    cc: '1',
    phone_number: '5550783881',
    verified_name: 'Lucky Shrub',
  });
  const register = await api.call('POST', [phone.id, 'register'], {
    messaging_product: 'whatsapp',
    pin: '123456',
  });
  expect(register).toEqual({ success: true });
  const [listed] = await new WhatsAppBusinessAccount(wabaId).getPhoneNumbers(
    ['display_phone_number', 'status', 'is_preverified_number'],
    { display_phone_number: number },
  );
  expect(listed).toMatchObject({
    id: phone.id,
    display_phone_number: '+1 555-078-3881',
    status: 'CONNECTED',
    is_preverified_number: true,
  });
  await new WhatsAppBusinessAccount(wabaId).createSubscribedApp([]);
  expect(await new WhatsAppBusinessAccount(wabaId).getSubscribedApps([])).toHaveLength(1);
  await new WhatsAppBusinessAccount(wabaId).deleteSubscribedApps();
  expect(await new WhatsAppBusinessAccount(wabaId).getSubscribedApps([])).toHaveLength(0);
});

test('a pre-verified number is read with every field that the SDK knows, and deleted', async () => {
  const id = await add();
  await verify(id);
  const read = await preverified(id).get([
    'code_verification_status',
    'code_verification_time',
    'id',
    'owner_business',
    'phone_number',
    'verification_expiry_time',
  ]);
  expect(read).toMatchObject({
    id,
    code_verification_status: 'VERIFIED',
    code_verification_time: '2026-01-01T00:00:00+0000',
    owner_business: { id: portfolioId },
    phone_number: '+1 555-078-3881',
    verification_expiry_time: '2026-04-01T00:00:00+0000',
  });
  expect(await preverified(id).delete([])).toEqual({ success: true });
  await expect(preverified(id).get(['id'])).rejects.toMatchObject({
    name: 'FacebookRequestError',
    status: 400,
    response: { code: 100, error_subcode: 33 },
  });
});

test.each(['full', 'ragged'])('its cursor goes through %s pages of the pool, on and back', async (pages) => {
  await talk.sim('POST', 'assumptions', { pages });
  const ids = [];
  for (const last of [1, 2, 3, 4, 5]) ids.push(await add(`1555078388${String(last)}`));
  const page = await portfolio().getPreVerifiedNumbers(['id', 'phone_number'], { limit: 2 });
  const seen = page.map(({ id }) => id);
  while (page.hasNext()) {
    await page.next();
    seen.push(...page.map(({ id }) => id));
  }
  expect(seen).toEqual(ids);
  expect(page.hasPrevious()).toBe(true);
  await page.previous();
  expect(page.map(({ id }) => id)).not.toContain(ids[4]);
});

test('the pool is filtered by status and number', async () => {
  const id = await add();
  await add('4915112345678');
  await verify(id);
  const byStatus = await portfolio().getPreVerifiedNumbers([], { code_verification_status: 'VERIFIED' });
  const byNumber = await portfolio().getPreVerifiedNumbers([], { phone_number: number });
  expect([...byStatus, ...byNumber].map((found) => found.id)).toEqual([id, id]);
});

test('a number is shared and unshared', async () => {
  const id = await add();
  const sharing = { partner_business_id: '888', preverified_id: id };
  expect(await portfolio().createSharePreVerifiedNumber([], sharing)).toMatchObject({ success: true });
  const [partner] = await preverified(id).getPartners(['id', 'name']);
  expect(partner).toMatchObject({ id: '888', name: 'Business 888' });
  expect(await portfolio().deleteSharePreVerifiedNumbers(sharing)).toEqual({ success: true });
  expect(await preverified(id).getPartners(['id'])).toHaveLength(0);
});

test('a claim shows among the client WABAs', async () => {
  const id = await add();
  await talk.sim('POST', 'claim', { preverifiedId: id, wabaId, businessId: '4711' });
  const [found] = await portfolio().getClientWhatsAppBusinessAccounts(['id', 'name']);
  expect(found?.id).toBe(wabaId);
  expect(await new WhatsAppBusinessAccount(wabaId).get(['owner_business'])).toMatchObject({
    owner_business: { id: '4711' },
  });
});

test('a business phone number is verified, registered, given a PIN and deregistered', async () => {
  const preverifiedId = await add();
  const { phoneNumberId } = await talk.sim('POST', 'claim', { preverifiedId, wabaId });
  const post = (edge: string[], params = {}) => api.call('POST', [phoneNumberId, ...edge], params);
  await expect(post(['register'], { messaging_product: 'whatsapp', pin: '123456' })).rejects.toMatchObject({
    response: { code: 133006 },
  });
  await post(['request_code'], { code_method: 'SMS', language: 'en_US' });
  await post(['verify_code'], { code: await talk.lastCode() });
  await post(['register'], { messaging_product: 'whatsapp', pin: '123456' });
  await post([], { pin: '654321' });
  expect(await api.call('GET', [phoneNumberId], { fields: 'platform_type,is_pin_enabled' })).toEqual({
    id: phoneNumberId,
    platform_type: 'CLOUD_API',
    is_pin_enabled: true,
  });
  expect(await post(['deregister'])).toEqual({ success: true });
});

test('a system user is assigned to a WABA, and a credit line is shared with it and taken back', async () => {
  await talk.sim('POST', 'credit-lines', { portfolioId });
  await talk.sim('POST', 'wabas', { wabaId, businessId: '4711', sharedWith: [portfolioId] });
  const waba = new WhatsAppBusinessAccount(wabaId);
  await waba.createAssignedUser([], { user: '61550001', tasks: ['MANAGE'] });
  const [user] = await waba.getAssignedUsers(['id', 'name'], { business: portfolioId });
  expect(user?.id).toBe('61550001');

  const [line] = await portfolio().getExtendedCredits(['id', 'legal_entity_name']);
  const credit = new ExtendedCredit(line?.id ?? '');
  const shared = await credit.createWhatsAppCreditSharingAndAttach([], {
    waba_id: wabaId,
    waba_currency: 'USD',
  });
  const [share] = await credit.getOwningCreditAllocationConfigs(
    ['id', 'receiving_business', 'receiving_credential', 'request_status'],
    { receiving_business_id: '4711' },
  );
  expect(share).toMatchObject({ id: shared['allocation_config_id'], request_status: 'APPROVED' });
  expect(await waba.get(['primary_funding_id'])).toMatchObject({
    primary_funding_id: share?.['receiving_credential'].id,
  });
  const config = new ExtendedCreditAllocationConfig(share?.id ?? '');
  expect(await config.delete([])).toEqual({ success: true });
  expect(await config.get(['request_status'])).toMatchObject({ request_status: 'DELETED' });
});

test('the SDK has no call on a pre-verified number that is not driven here', () => {
  const { prototype } = WhatsAppBusinessPreVerifiedPhoneNumber;
  expect(Object.getOwnPropertyNames(prototype).sort()).toEqual([
    'constructor',
    'createRequestCode',
    'createVerifyCode',
    'delete',
    'get',
    'getPartners',
  ]);
});
