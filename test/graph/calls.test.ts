import type { BusinessId, PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from '../../contract/ids';
import { collect, ScriptedGraph, success, TOKEN } from './scripted-graph';

const portfolio = '506914307656634' as PortfolioId;
const preverified = '106540352242922' as PreverifiedId;
const waba = '102290129340398' as WabaId;
const phone = '108692048990658' as PhoneNumberId;
const partner = '1706193509821738' as BusinessId;

type Client = ReturnType<ScriptedGraph['client']>;

describe('each call travels as Meta documents it', () => {
  const emptyList = { json: { data: [] } };
  const cases: [string, (client: Client) => Promise<unknown>, object, string, object][] = [
    [
      'add_phone_numbers',
      (client) => client.addPhoneNumber(portfolio, '+1 (555) 078-3881'),
      { json: { id: preverified } },
      `POST /v24.0/${portfolio}/add_phone_numbers`,
      { phone_number: '15550783881' },
    ],
    [
      'request_code',
      (client) => client.requestCode(preverified, { method: 'VOICE', language: 'pt_BR' }),
      success as object,
      `POST /v24.0/${preverified}/request_code`,
      { code_method: 'VOICE', language: 'pt_BR' },
    ],
    [
      'verify_code',
      (client) => client.verifyCode(phone, '123456'),
      success as object,
      `POST /v24.0/${phone}/verify_code`,
      { code: '123456' },
    ],
    [
      'reading a pre-verified number',
      (client) => client.getPreverifiedNumber(preverified),
      { json: { id: preverified, phone_number: '1' } },
      `GET /v24.0/${preverified}`,
      {
        fields:
          'id,phone_number,code_verification_status,code_verification_time,verification_expiry_time,owner_business{id,name}',
      },
    ],
    [
      'preverified_numbers',
      (client) =>
        collect(
          client.listPreverifiedNumbers(portfolio, { phoneNumber: '+15550783881', status: 'VERIFIED' }),
        ),
      emptyList,
      `GET /v24.0/${portfolio}/preverified_numbers`,
      { phone_number: '15550783881', code_verification_status: 'VERIFIED', limit: '100' },
    ],
    [
      'removal',
      (client) => client.deletePreverifiedNumber(preverified),
      success as object,
      `DELETE /v24.0/${preverified}`,
      {},
    ],
    [
      'partners',
      (client) => collect(client.listPartners(preverified)),
      emptyList,
      `GET /v24.0/${preverified}/partners`,
      {},
    ],
    [
      'sharing',
      (client) => client.sharePreverifiedNumber(portfolio, preverified, partner),
      success as object,
      `POST /v24.0/${portfolio}/share_preverified_numbers`,
      { partner_business_id: partner, preverified_id: preverified },
    ],
    [
      'the end of sharing',
      (client) => client.unsharePreverifiedNumber(portfolio, preverified, partner),
      success as object,
      `DELETE /v24.0/${portfolio}/share_preverified_numbers`,
      { partner_business_id: partner, preverified_id: preverified },
    ],
    [
      "a WABA's phone_numbers",
      (client) => collect(client.listPhoneNumbers(waba)),
      emptyList,
      `GET /v24.0/${waba}/phone_numbers`,
      {},
    ],
    [
      'reading a business phone number',
      (client) => client.getPhoneNumber(phone),
      { json: { id: phone } },
      `GET /v24.0/${phone}`,
      {
        fields:
          'id,display_phone_number,verified_name,code_verification_status,platform_type,status,is_preverified_number,is_pin_enabled',
      },
    ],
    [
      'register',
      (client) => client.registerPhoneNumber(phone, '424242', 'DE'),
      success as object,
      `POST /v24.0/${phone}/register`,
      { messaging_product: 'whatsapp', pin: '424242', data_localization_region: 'DE' },
    ],
    [
      'deregister',
      (client) => client.deregisterPhoneNumber(phone),
      success as object,
      `POST /v24.0/${phone}/deregister`,
      {},
    ],
    [
      'a new PIN',
      (client) => client.setPin(phone, '424242'),
      success as object,
      `POST /v24.0/${phone}`,
      { pin: '424242' },
    ],
    [
      'subscribed_apps',
      (client) => client.subscribeApp(waba),
      success as object,
      `POST /v24.0/${waba}/subscribed_apps`,
      {},
    ],
    [
      'the end of a subscription',
      (client) => client.unsubscribeApp(waba),
      success as object,
      `DELETE /v24.0/${waba}/subscribed_apps`,
      {},
    ],
    [
      'the apps that are subscribed',
      (client) => client.readSubscribedApps(waba),
      emptyList,
      `GET /v24.0/${waba}/subscribed_apps`,
      {},
    ],
    [
      'assigned_users of a portfolio',
      (client) => client.readAssignedUsers(waba, portfolio),
      emptyList,
      `GET /v24.0/${waba}/assigned_users`,
      { business: portfolio },
    ],
    [
      'assigning a system user',
      (client) => client.assignUser(waba, '61550001'),
      success as object,
      `POST /v24.0/${waba}/assigned_users`,
      { user: '61550001', tasks: '["MANAGE"]' },
    ],
    [
      'extendedcredits',
      (client) => client.readCreditLines(portfolio),
      emptyList,
      `GET /v24.0/${portfolio}/extendedcredits`,
      { fields: 'id,legal_entity_name' },
    ],
    [
      'sharing a credit line',
      (client) => client.shareCreditLine('1972385232742146', waba, 'USD'),
      { json: { allocation_config_id: '58501441721238', waba_id: waba } },
      'POST /v24.0/1972385232742146/whatsapp_credit_sharing_and_attach',
      { waba_id: waba, waba_currency: 'USD' },
    ],
    [
      'reading a share of a credit line',
      (client) => client.readCreditSharing('58501441721238'),
      { json: { id: '58501441721238', request_status: 'DELETED' } },
      'GET /v24.0/58501441721238',
      { fields: 'id,request_status' },
    ],
    [
      'ending a share of a credit line',
      (client) => client.revokeCreditSharing('58501441721238'),
      success as object,
      'DELETE /v24.0/58501441721238',
      {},
    ],
    [
      "a number's health",
      (client) => client.readNumberHealth(phone),
      { json: { id: phone } },
      `GET /v24.0/${phone}`,
      { fields: 'id,status,name_status,new_name_status,quality_rating,account_mode' },
    ],
    [
      'client_whatsapp_business_accounts',
      (client) => collect(client.listClientWabas(portfolio)),
      emptyList,
      `GET /v24.0/${portfolio}/client_whatsapp_business_accounts`,
      {},
    ],
  ];

  test.each(cases)('%s', async (_name, run, answer, call, params) => {
    await using graph = await ScriptedGraph.start(answer);
    await run(graph.client());
    expect(graph.calls).toEqual([call]);
    const [received] = graph.received;
    expect(received?.method === 'POST' ? received.form : received?.query).toMatchObject(params);
    expect(received?.method === 'POST' ? received.query : received?.form).toEqual({});
    expect(received?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  test.each([
    ['sdk' as const, { cc: '1', phone_number: '5550783881' }],
    ['doc' as const, { country_dial_code: '1', display_phone_number: '5550783881' }],
  ])('a claim through the API in the %s dialect', async (claimDialect, number) => {
    await using graph = await ScriptedGraph.start({ json: { id: phone } });
    const claim = {
      preverifiedId: preverified,
      countryCode: '1',
      nationalNumber: '5550783881',
      verifiedName: 'Lucky Shrub',
    };
    await expect(graph.client({ claimDialect }).createPhoneNumber(waba, claim)).resolves.toBe(phone);
    expect(graph.calls).toEqual([`POST /v24.0/${waba}/phone_numbers`]);
    expect(graph.received[0]?.form).toEqual({
      preverified_id: preverified,
      verified_name: 'Lucky Shrub',
      ...number,
    });
  });

  test('the exchange of a signup code carries no token of ours', async () => {
    await using graph = await ScriptedGraph.start({ json: { access_token: 'EAAcustomer' } });
    const token = await graph
      .client({ appSecret: 'shh' })
      .exchangeSignupCode({ id: '1', secret: 'shh' }, 'AQD');
    expect(token).toBe('EAAcustomer');
    expect(graph.received[0]).toMatchObject({
      path: '/v24.0/oauth/access_token',
      query: { client_id: '1', client_secret: 'shh', code: 'AQD' },
    });
    expect(graph.received[0]?.headers.authorization).toBeUndefined();
  });

  test('calls are signed with appsecret_proof where an app secret is given', async () => {
    await using graph = await ScriptedGraph.start(success);
    await graph
      .client({ accessToken: 'token', appSecret: 'key' })
      .requestCode(preverified, { method: 'SMS', language: 'en_US' });
    // HMAC-SHA256 of "token" under "key", by openssl.
    expect(graph.received[0]?.form['appsecret_proof']).toBe(
      '646b8eac0c4ae4178299c9bd924e2bf073dfb07e024901a8c864f65b9462bf0d',
    );
  });
});
