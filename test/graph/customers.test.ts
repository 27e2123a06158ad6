import { createHmac } from 'node:crypto';
import type { BusinessId, PhoneNumberId, PortfolioId, WabaId } from '../../contract/ids';
import { metaError, ScriptedGraph, success } from './scripted-graph';

const waba = '102290129340398' as WabaId;
const phone = '108692048990658' as PhoneNumberId;
const app = { id: '670843887433847', secret: 'app-secret' };

test('debug_token is asked with the app token, and the first WABA is the newest', async () => {
  await using graph = await ScriptedGraph.start({
    json: {
      data: {
        is_valid: true,
        expires_at: 1_800_000_000,
        scopes: ['whatsapp_business_management', 'public_profile'],
        granular_scopes: [
          { scope: 'whatsapp_business_management', target_ids: [waba, '200'] },
          { scope: 'whatsapp_business_messaging', target_ids: ['200'] },
        ],
      },
    },
  });
  expect(await graph.client({ appSecret: app.secret }).debugToken(app, 'EAAcustomer')).toEqual({
    valid: true,
    expiresAt: '2027-01-15T08:00:00.000Z',
    scopes: ['whatsapp_business_management', 'public_profile', 'whatsapp_business_messaging'],
    wabaIds: [waba, '200'],
  });
  const [asked] = graph.received;
  expect(asked).toMatchObject({ path: '/v24.0/debug_token', query: { input_token: 'EAAcustomer' } });
  expect(asked?.headers.authorization).toBe(`Bearer ${app.id}|${app.secret}`);
  expect(asked?.query['appsecret_proof']).toBeUndefined();
});

test.each([
  ['a token that never expires', { is_valid: 'true', expires_at: 0, scopes: null }, true],
  ['IDs that are numbers, and rows that cannot be read', { is_valid: 1, granular_scopes: [7, null] }, true],
  ['a dead token, with an error beside', { is_valid: false, error: { code: 190 } }, false],
])('debug_token of %s', async (_name, data, valid) => {
  await using graph = await ScriptedGraph.start({ json: { data } });
  expect(await graph.client().debugToken(app, 'EAAcustomer')).toEqual({
    ...{ valid, expiresAt: null, scopes: [], wabaIds: [] },
  });
});

test('a token that debug_token refuses stands in no error', async () => {
  await using graph = await ScriptedGraph.start(metaError(190, { message: 'Bad token EAAb.customer-7' }));
  const asking = graph.client().debugToken(app, 'EAAb.customer-7');
  await expect(asking).rejects.toThrow('Bad token [redacted]');
});

test('another token signs with its own proof, and leaves the client as it was', async () => {
  await using graph = await ScriptedGraph.start(success, success);
  const client = graph.client({ accessToken: 'system', appSecret: 'key' });
  await client.withToken('business').subscribeApp(waba);
  await client.subscribeApp(waba);
  const proofOf = (token: string) => createHmac('sha256', 'key').update(token).digest('hex');
  expect(graph.received.map(({ headers, form }) => [headers.authorization, form['appsecret_proof']])).toEqual(
    ['business', 'system'].map((token) => [`Bearer ${token}`, proofOf(token)]),
  );
});

test('subscribed apps are read wrapped and bare', async () => {
  await using graph = await ScriptedGraph.start({
    json: { data: [{ whatsapp_business_api_data: { id: 1, name: 'Ours' } }, { id: '2' }] },
  });
  expect(await graph.client().readSubscribedApps(waba)).toEqual([
    { id: '1', name: 'Ours' },
    { id: '2', name: null },
  ]);
});

test('health is asked for without the newer fields where Meta refuses them', async () => {
  await using graph = await ScriptedGraph.start(metaError(100), {
    json: { id: phone, status: 'CONNECTED', name_status: 'PENDING_REVIEW', quality_rating: 'GREEN' },
  });
  expect(await graph.client().readNumberHealth(phone)).toEqual({
    status: 'CONNECTED',
    nameStatus: 'PENDING_REVIEW',
    newNameStatus: null,
    qualityRating: 'GREEN',
    accountMode: null,
  });
});

describe('the share of a credit line that pays for a WABA', () => {
  const line = '1972385232742146';
  const business = '2729063490586005' as BusinessId;
  const share = (id: string, credential: string, request_status = 'APPROVED') => ({
    id,
    request_status,
    receiving_business: { id: business },
    receiving_credential: { id: credential },
  });
  const funded = (primary_funding_id?: string) => ({
    json: { id: waba, owner_business_info: { id: business }, primary_funding_id },
  });

  test('is the one whose credential funds it, and is not one that was ended', async () => {
    const shares = [share('1', '71', 'DELETED'), share('2', '72'), share('3', '71')];
    await using graph = await ScriptedGraph.start(funded('71'), { json: { data: shares } });
    const found = await graph.client().findCreditSharings(line, waba);
    expect(found).toEqual([{ allocationConfigId: '3', requestStatus: 'APPROVED' }]);
    expect(graph.received[1]).toMatchObject({
      path: `/v24.0/${line}/owning_credit_allocation_configs`,
      query: { receiving_business_id: business },
    });
  });

  test('is none where nothing funds the WABA', async () => {
    await using graph = await ScriptedGraph.start(funded());
    expect(await graph.client().findCreditSharings(line, waba)).toEqual([]);
  });

  test('is found by the customer’s portfolio once the WABA is out of sight, and is no other business’s', async () => {
    const another = { ...share('9', '79'), receiving_business: { id: '4711' } };
    const out = metaError(100, { subcode: 33 });
    await using graph = await ScriptedGraph.start(out, { json: { data: [another, share('3', '71')] } }, out);
    const found = await graph
      .client()
      .findCreditSharings(line, waba, { businessId: business, portfolioId: null });
    expect(found).toEqual([{ allocationConfigId: '3', requestStatus: 'APPROVED' }]);
    await expect(graph.client().findCreditSharings(line, waba)).rejects.toThrow('100/33');
  });

  test('is not that of another WABA of the same business', async () => {
    const portfolioId = '506914307656634' as PortfolioId;
    const other = { id: '102290129340399', primary_funding_id: '71', owner_business_info: { id: business } };
    const unfunded = { id: '102290129340400' };
    const out = metaError(100, { subcode: 33 });
    const wabas = { json: { data: [unfunded, other] } };
    await using graph = await ScriptedGraph.start(
      ...[out, { json: { data: [share('3', '71')] } }, wabas],
      ...[out, { json: { data: [share('3', '71'), share('4', '72')] } }, wabas],
    );
    const find = () => graph.client().findCreditSharings(line, waba, { businessId: business, portfolioId });
    expect(await find()).toEqual([]);
    expect(await find()).toEqual([{ allocationConfigId: '4', requestStatus: 'APPROVED' }]);
  });
});
