import { number, portfolio, startTalk, waba, type Talk } from './talk';
import type { AssumptionSettings } from '../../simulator';

let talk: Talk;
const begin = async (assumptions: AssumptionSettings) => {
  talk = await startTalk({ assumptions });
};
afterEach(() => talk.simulator.close());

const ask = (id: string, parameters = {}) =>
  talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US', ...parameters });
const times = 'code_verification_time,verification_expiry_time';
const code100 = { status: 400, body: { error: { code: 100 } } };

test('all switches can be read, and changed while it runs', async () => {
  await begin({ times: 'unix' });
  expect(await talk.sim('GET', 'assumptions')).toMatchObject({ times: 'unix', pages: 'full' });
  await talk.sim('POST', 'assumptions', { pages: 'ragged' });
  expect(await talk.sim('GET', 'assumptions')).toMatchObject({ times: 'unix', pages: 'ragged' });
});

test('earlyReverification: a verified number may take a new code at any time', async () => {
  await begin({ earlyReverification: 'allowed' });
  const id = await talk.add();
  await talk.verify(id);
  await talk.advance('1 day');
  expect((await talk.verify(id)).body).toEqual({ success: true });
  expect((await talk.graph('GET', id, { fields: times })).body).toMatchObject({
    verification_expiry_time: '2026-04-02T00:00:00+0000',
  });
});

test('addingAgain: a number of the own pool keeps its ID', async () => {
  await begin({ addingAgain: 'sameId' });
  expect(await talk.add()).toBe(await talk.add());
});

test.each(['NOT_VERIFIED', 'UNVERIFIED'] as const)('lapsedStatus: %s', async (lapsedStatus) => {
  await begin({ lapsedStatus });
  const id = await talk.add();
  await talk.verify(id);
  await talk.advance('90 days');
  const { body } = await talk.graph('GET', `${portfolio}/preverified_numbers`, {
    code_verification_status: lapsedStatus,
  });
  expect(body.data).toMatchObject([{ id, code_verification_status: lapsedStatus }]);
});

test('times: seconds since 1970', async () => {
  await begin({ times: 'unix' });
  const id = await talk.add();
  await talk.verify(id);
  expect((await talk.graph('GET', id, { fields: times })).body).toEqual({
    id,
    code_verification_time: Date.parse('2026-01-01T00:00:00Z') / 1000,
    verification_expiry_time: Date.parse('2026-04-01T00:00:00Z') / 1000,
  });
});

test.each([
  ['iso', '1970-01-01T00:00:00+0000'],
  ['unix', 0],
] as const)('neverVerifiedTimes: the epoch, as %s', async (written, epoch) => {
  await begin({ neverVerifiedTimes: 'epoch', times: written });
  const id = await talk.add();
  expect((await talk.graph('GET', id, { fields: times })).body).toEqual({
    id,
    code_verification_time: epoch,
    verification_expiry_time: epoch,
  });
});

test('neverVerifiedTimes: left out by default', async () => {
  await begin({});
  const id = await talk.add();
  expect((await talk.graph('GET', id, { fields: times })).body).toEqual({ id });
});

test.each([
  ['e164', '+15550783881'],
  ['digits', '15550783881'],
] as const)('phoneNumbers: %s', async (phoneNumbers, written) => {
  await begin({ phoneNumbers });
  expect((await talk.graph('GET', await talk.add())).body).toMatchObject({ phone_number: written });
});

test('fieldNames: other names come back, the SDK’s may still be asked for', async () => {
  await begin({ fieldNames: 'alternative' });
  const id = await talk.add();
  const all = { id, display_phone_number: '+1 555-078-3881', verification_status: 'NOT_VERIFIED' };
  expect((await talk.graph('GET', id)).body).toEqual(all);
  expect((await talk.graph('GET', id, { fields: 'phone_number,code_verification_status' })).body).toEqual({
    id,
  });
});

test('fieldNames: a deployment may refuse the SDK’s names', async () => {
  await begin({ fieldNames: 'alternativeOnly' });
  const id = await talk.add();
  expect((await talk.graph('GET', id)).body).toMatchObject({ verification_status: 'NOT_VERIFIED' });
  expect(await talk.graph('GET', id, { fields: 'phone_number' })).toMatchObject(code100);
});

test('partnersListSharedNumbers: a partner’s list holds its own numbers only', async () => {
  await begin({ partnersListSharedNumbers: false });
  const shared = { preverified_id: await talk.add(), partner_business_id: '888' };
  await talk.graph('POST', `${portfolio}/share_preverified_numbers`, shared);
  expect((await talk.graph('GET', '888/preverified_numbers')).body.data).toEqual([]);
});

test.each([
  ['refused', 400],
  ['allowed', 200],
] as const)('apiClaimOfUnverified: %s', async (apiClaimOfUnverified, status) => {
  await begin({ apiClaimOfUnverified });
  const claim = { preverified_id: await talk.add(), cc: '1', phone_number: '5550783881', verified_name: 'A' };
  expect((await talk.graph('POST', `${waba}/phone_numbers`, claim)).status).toBe(status);
});

test('ivrMethod: a voice call, or code 100', async () => {
  await begin({});
  const id = await talk.add();
  expect((await ask(id, { code_method: 'IVR' })).status).toBe(200);
  expect(await talk.sim('GET', `messages?to=${number}`)).toMatchObject([{ method: 'VOICE' }]);
  await talk.sim('POST', 'assumptions', { ivrMethod: 'refused' });
  expect(await ask(id, { code_method: 'IVR' })).toMatchObject(code100);
});

test('smsText: the sentence that was seen', async () => {
  await begin({ smsText: 'seen' });
  await ask(await talk.add());
  const [{ text }] = await talk.sim('GET', `messages?to=${number}`);
  expect(text).toMatch(/^Your WhatsApp code \d{3}-\d{3}\. Do not share/);
});

test('codeRequestsPerHour: one more is 136024/2388367 until the first is an hour old', async () => {
  await begin({ codeRequestsPerHour: 2 });
  const id = await talk.add();
  await ask(id);
  await talk.advance('20 minutes');
  await ask(id);
  const tooMany = { body: { error: { code: 136024, error_subcode: 2388367 } } };
  expect(await ask(id)).toMatchObject(tooMany);
  await talk.advance(40 * 60_000 - 1);
  expect(await ask(id)).toMatchObject(tooMany);
  await talk.advance(1);
  expect((await ask(id)).body).toEqual({ success: true });
});

test('wrongCodesAllowed: after that many no code is taken for twelve hours', async () => {
  await begin({ wrongCodesAllowed: 2 });
  const id = await talk.add();
  await ask(id);
  const right = await talk.lastCode();
  const wrong = right === '000000' ? '000001' : '000000';
  const handIn = (code: string) => talk.graph('POST', `${id}/verify_code`, { code });
  await handIn(wrong);
  await handIn(wrong);
  const blocked = await handIn(right);
  expect(blocked).toMatchObject({ body: { error: { code: 136025 } } });
  expect(blocked.body.error).not.toHaveProperty('error_subcode');
  await talk.advance('12 hours');
  expect((await talk.verify(id)).body).toEqual({ success: true });
});
