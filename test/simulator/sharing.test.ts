import { portfolio, startTalk, waba, type Talk } from './talk';

let talk: Talk;
let id: string;
beforeEach(async () => {
  talk = await startTalk();
  id = await talk.add();
});
afterEach(() => talk.simulator.close());

const partner = '888';
const share = (method: 'POST' | 'DELETE', owner = portfolio, with_ = partner) =>
  talk.graph(method, `${owner}/share_preverified_numbers`, {
    preverified_id: id,
    partner_business_id: with_,
  });
const partners = async () => (await talk.graph('GET', `${id}/partners`)).body.data;
const listOf = async (business: string) =>
  (await talk.graph('GET', `${business}/preverified_numbers`, { fields: 'owner_business{id}' })).body.data;
const success = { status: 200, body: { success: true } };
const code100 = { status: 400, body: { error: { code: 100 } } };

test('a shared number has the partner on its list, and the partner has it on its own', async () => {
  expect(await share('POST')).toMatchObject(success);
  expect(await partners()).toEqual([{ id: partner, name: 'Business 888' }]);
  expect(await listOf(partner)).toEqual([{ id, owner_business: { id: portfolio } }]);
});

test('sharing twice is sharing once', async () => {
  await share('POST');
  expect(await share('POST')).toMatchObject(success);
  expect(await partners()).toHaveLength(1);
});

test('an unshared number is off both lists', async () => {
  await share('POST');
  await share('POST', portfolio, '999');
  expect(await share('DELETE')).toMatchObject(success);
  expect(await partners()).toEqual([{ id: '999', name: 'Business 999' }]);
  expect(await listOf(partner)).toEqual([]);
});

test('what is not shared cannot be unshared', async () => {
  expect(await share('DELETE')).toMatchObject(code100);
});

test('only the owner shares, and not with itself', async () => {
  expect(await share('POST', '777')).toMatchObject(code100);
  expect(await share('POST', portfolio, portfolio)).toMatchObject(code100);
  expect(await partners()).toEqual([]);
});

test('a claimed number is off the partner’s list', async () => {
  await share('POST');
  await talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba });
  expect(await listOf(partner)).toEqual([]);
});
