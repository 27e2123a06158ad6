import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHmac } from 'node:crypto';
import { createGraphClient } from '../../activities/graph';
import type { BusinessId, PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from '../../contract/ids';
import { SimulatorClient } from '../../simulator/client';
import { number, portfolio, startTalk, waba as wabaText, type Talk } from './talk';

const app = { id: '670843887433847', secret: 'app-secret' };
const waba = wabaText as WabaId;
const portfolioId = portfolio as PortfolioId;
const businessId = '2729063490586005';

let talk: Talk;
let sim: SimulatorClient;
let phoneId: PhoneNumberId;
beforeEach(async () => {
  talk = await startTalk();
  sim = new SimulatorClient(talk.simulator.url);
  const preverifiedId = await talk.add();
  await talk.verify(preverifiedId);
  await sim.setApp(app);
  const claimed = await talk.sim('POST', 'claim', { preverifiedId, wabaId: waba, businessId });
  phoneId = claimed.phoneNumberId as PhoneNumberId;
});
afterEach(() => talk.simulator.close());

const graphAs = (accessToken: string) =>
  createGraphClient({ baseUrl: talk.simulator.url, version: 'v24.0', accessToken, appSecret: app.secret });
const system = () => graphAs('EAAJB');
const signUp = async (...wabaIds: string[]) =>
  system().exchangeSignupCode(app, await sim.signupCode(...wabaIds));
const refused = (code: string) => ({ name: 'GraphError', code });
const send = (graph: string, text = 'Hello') =>
  talk.graph(
    'POST',
    `${phoneId}/messages`,
    { messaging_product: 'whatsapp', to: '15550789999', text: JSON.stringify({ body: text }) },
    { headers: { authorization: `Bearer ${graph}` } },
  );

/** The system user subscribes the app and pays, and the number is registered. */
async function connect(): Promise<string> {
  const { creditLineId } = await sim.addCreditLine(portfolio);
  await system().subscribeApp(waba);
  const { allocationConfigId } = await system().shareCreditLine(creditLineId, waba, 'USD');
  await system().registerPhoneNumber(phoneId, '424242', null);
  return allocationConfigId;
}

describe('a token of a customer', () => {
  test('reaches what the customer granted, by the permissions of signup', async () => {
    const token = await signUp(waba);
    expect(await graphAs(token).readNumberHealth(phoneId)).toMatchObject({ status: 'PENDING' });
    await graphAs(token).subscribeApp(waba);
    await graphAs(token).registerPhoneNumber(phoneId, '424242', null);
    expect(await graphAs(token).readSubscribedApps(waba)).toEqual([{ id: app.id, name: `App ${app.id}` }]);
    const [call] = await sim.calls({ call: 'register' });
    expect(call).toMatchObject({ tokenKind: 'business', status: 200 });
  });

  test('is told by debug_token, the newest WABA first', async () => {
    const token = await signUp('301', waba);
    expect(await system().debugToken(app, token)).toEqual({
      valid: true,
      expiresAt: null,
      scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'],
      wabaIds: [waba, '301'],
    });
    await sim.revokeToken({ wabaId: waba });
    expect(await system().debugToken(app, token)).toMatchObject({ valid: false, wabaIds: [] });
  });

  test('expires where the switch says so', async () => {
    await sim.assume({ businessTokenLife: '60 days' });
    const token = await signUp(waba);
    expect((await system().debugToken(app, token)).expiresAt).toBe('2026-03-02T00:00:00.000Z');
    await talk.advance('60 days');
    await expect(graphAs(token).subscribeApp(waba)).rejects.toMatchObject(refused('190/463'));
  });

  test('is no token for the pool or the credit line: code 200 and 10', async () => {
    const graph = graphAs(await signUp(waba));
    await expect(graph.addPhoneNumber(portfolioId, '+15550783882')).rejects.toMatchObject(refused('200'));
    await expect(graph.readCreditLines(portfolioId)).rejects.toMatchObject(refused('10'));
  });

  test.each([
    ['noSuchObject' as const, '100/33'],
    ['permission' as const, '10'],
    ['permissions' as const, '200'],
  ])('of another WABA is answered %s', async (unreachable, code) => {
    await sim.assume({ unreachable });
    const graph = graphAs(await signUp('301'));
    await expect(graph.subscribeApp(waba)).rejects.toMatchObject(refused(code));
    await expect(graph.getPhoneNumber(phoneId)).rejects.toMatchObject(refused(code));
  });

  test('without a permission is answered 200, and revoked 190', async () => {
    const graph = graphAs(await signUp(waba));
    await sim.setPermissions({ wabaId: waba }, ['whatsapp_business_management']);
    await expect(graph.registerPhoneNumber(phoneId, '424242', null)).rejects.toMatchObject(refused('200'));
    await graph.subscribeApp(waba);
    await sim.revokeToken({ wabaId: waba });
    await expect(graph.subscribeApp(waba)).rejects.toMatchObject(refused('190/458'));
  });
});

test('a code is exchanged by the app whose secret it is, and for no other app', async () => {
  const code = (await talk.sim('POST', 'signup-codes', { wabaIds: [waba], appId: app.id })).code as string;
  const exchange = (id: string, secret: string) => system().exchangeSignupCode({ id, secret }, code);
  await expect(exchange(app.id, 'guessed')).rejects.toMatchObject(refused('1'));
  await expect(exchange('4711', 'hush')).rejects.toMatchObject(refused('100'));
  await expect(exchange(app.id, app.secret)).resolves.toMatch(/^EAA/);
});

test('a proof that was made with another secret is refused', async () => {
  const graph = createGraphClient({
    ...{ baseUrl: talk.simulator.url, version: 'v24.0', accessToken: 'EAAJB', appSecret: 'another' },
  });
  await expect(graph.subscribeApp(waba)).rejects.toMatchObject(refused('100'));
});

describe('every call asks for its permission', () => {
  const accounts = [
    ['GET', '{waba}'],
    ['GET', '{waba}/phone_numbers'],
    ['POST', '{waba}/phone_numbers'],
    ['GET', '{phone}'],
    ['POST', '{phone}'],
    ['POST', '{phone}/request_code'],
    ['POST', '{phone}/verify_code'],
    ['POST', '{phone}/register'],
    ['POST', '{phone}/deregister'],
    ['POST', '{phone}/messages'],
    ['GET', '{waba}/subscribed_apps'],
    ['POST', '{waba}/subscribed_apps'],
    ['DELETE', '{waba}/subscribed_apps'],
  ] as const;
  const partners = [
    ['POST', '{portfolio}/add_phone_numbers'],
    ['GET', '{portfolio}/preverified_numbers'],
    ['POST', '{portfolio}/share_preverified_numbers'],
    ['DELETE', '{portfolio}/share_preverified_numbers'],
    ['GET', '{portfolio}/client_whatsapp_business_accounts'],
    ['GET', '{preverified}'],
    ['DELETE', '{preverified}'],
    ['GET', '{preverified}/partners'],
    ['POST', '{preverified}/request_code'],
    ['POST', '{preverified}/verify_code'],
    ['GET', '{portfolio}/extendedcredits'],
    ['GET', '{waba}/assigned_users'],
    ['POST', '{waba}/assigned_users'],
    ['POST', '{line}/whatsapp_credit_sharing_and_attach'],
    ['GET', '{line}/owning_credit_allocation_configs'],
    ['GET', '{share}'],
    ['DELETE', '{share}'],
  ] as const;

  /** The code of the refusal, `null` for none. */
  const codeOf = async (method: string, path: string, token: string) => {
    const { creditLineId: line } = await sim.addCreditLine(portfolio);
    const { allocationConfigId: share } = await system().shareCreditLine(line, waba, 'USD');
    const preverified = path.includes('{preverified}') ? await talk.add('15550783882') : '';
    const ids: Record<string, string> = { waba, phone: phoneId, portfolio, preverified, line, share };
    const filled = path.replace(/\{(\w+)\}/, (_, name: string) => ids[name] ?? '');
    const { body } = await talk.graph(method, filled, {}, { headers: { authorization: `Bearer ${token}` } });
    return (body?.error?.code ?? null) as number | null;
  };

  test.each([...accounts, ...partners])('%s /%s without one is code 200', async (method, path) => {
    const { token } = await sim.issueToken({ scopes: [] });
    expect(await codeOf(method, path, token)).toBe(200);
  });

  test.each(partners)(
    '%s /%s with a customer’s token is code 10, whatever that may do',
    async (method, path) => {
      const token = await signUp(waba);
      const all = ['business_management', 'whatsapp_business_management', 'whatsapp_business_messaging'];
      await sim.setPermissions({ token }, all);
      expect(await codeOf(method, path, token)).toBe(10);
    },
  );
});

describe('a system token', () => {
  test('of an employee reaches the WABAs that it was assigned to', async () => {
    const { token, userId } = await sim.issueToken({ role: 'employee', portfolioId: portfolio });
    await expect(graphAs(token).subscribeApp(waba)).rejects.toMatchObject(refused('100/33'));
    await expect(graphAs(token).assignUser(waba, userId)).rejects.toMatchObject(refused('10'));
    await system().assignUser(waba, userId);
    expect(await system().readAssignedUsers(waba, portfolioId)).toEqual([
      { id: userId, name: `System user ${userId}`, tasks: ['MANAGE'] },
    ]);
    await graphAs(token).subscribeApp(waba);
  });

  test('of another portfolio reaches nothing that is not shared with it', async () => {
    const { token } = await sim.issueToken({ portfolioId: '4711' });
    await expect(graphAs(token).getPhoneNumber(phoneId)).rejects.toMatchObject(refused('100/33'));
    const adding = graphAs(token).addPhoneNumber(portfolioId, '+15550783882');
    await expect(adding).rejects.toMatchObject(refused('100/33'));
  });

  test('of a partner’s portfolio reads the numbers that are shared with it', async () => {
    const preverifiedId = (await talk.add('15550783882')) as PreverifiedId;
    const graph = graphAs((await sim.issueToken({ portfolioId: '4711' })).token);
    await expect(graph.getPreverifiedNumber(preverifiedId)).rejects.toMatchObject(refused('100/33'));
    await system().sharePreverifiedNumber(portfolioId, preverifiedId, '4711' as BusinessId);
    expect((await graph.getPreverifiedNumber(preverifiedId)).phoneNumber).toBe('15550783882');
  });

  test('without business_management cannot fill a pool', async () => {
    const { token } = await sim.issueToken({ scopes: ['whatsapp_business_management'] });
    const adding = graphAs(token).addPhoneNumber(portfolioId, '+15550783882');
    await expect(adding).rejects.toMatchObject(refused('200'));
  });
});

describe('a credit line', () => {
  test('is shared once with a WABA, in one currency for good', async () => {
    const { creditLineId } = await sim.addCreditLine(portfolio);
    expect(await system().readCreditLines(portfolioId)).toEqual([
      { id: creditLineId, legalEntityName: 'Lucky Shrub Partners' },
    ]);
    expect(await system().findCreditSharings(creditLineId, waba)).toEqual([]);
    const share = await system().shareCreditLine(creditLineId, waba, 'USD');
    expect(await system().shareCreditLine(creditLineId, waba, 'USD')).toEqual(share);
    expect(await system().findCreditSharings(creditLineId, waba)).toEqual([
      { ...share, requestStatus: 'APPROVED' },
    ]);
    await system().revokeCreditSharing(share.allocationConfigId);
    expect(await system().readCreditSharing(share.allocationConfigId)).toEqual({ requestStatus: 'DELETED' });
    expect(await system().findCreditSharings(creditLineId, waba)).toEqual([]);
    const euros = system().shareCreditLine(creditLineId, waba, 'EUR');
    await expect(euros).rejects.toMatchObject(refused('100'));
  });

  test('a share that was ended may read on for a while', async () => {
    await sim.assume({ creditRevocation: '1 hour', sharingCreditAgain: 'refused' });
    const { creditLineId } = await sim.addCreditLine(portfolio);
    const { allocationConfigId } = await system().shareCreditLine(creditLineId, waba, 'USD');
    const again = system().shareCreditLine(creditLineId, waba, 'USD');
    await expect(again).rejects.toMatchObject(refused('100'));
    await system().revokeCreditSharing(allocationConfigId);
    expect(await system().readCreditSharing(allocationConfigId)).toEqual({ requestStatus: 'APPROVED' });
    await talk.advance('1 hour');
    expect(await system().readCreditSharing(allocationConfigId)).toEqual({ requestStatus: 'DELETED' });
  });

  test('is found by the customer’s portfolio after they have left', async () => {
    const allocationConfigId = await connect();
    const [line] = await system().readCreditLines(portfolioId);
    await sim.leave(waba);
    const left = system().findCreditSharings(line?.id ?? '', waba);
    await expect(left).rejects.toMatchObject(refused('100/33'));
    const found = await system().findCreditSharings(line?.id ?? '', waba, {
      businessId: businessId as BusinessId,
      portfolioId: null,
    });
    expect(found).toMatchObject([{ allocationConfigId }]);
  });
});

describe('messages', () => {
  test('are sent and received by a registered number of a subscribed, funded WABA', async () => {
    await connect();
    await using callback = await Callback.start();
    await sim.setApp({ ...app, callbackUrl: callback.url });
    expect((await send('EAAJB')).body).toMatchObject({ messages: [{ id: expect.stringMatching(/^wamid/) }] });
    expect(await sim.writeTo(number, 'Hi')).toEqual({ delivered: true, why: null });
    expect(await sim.whatsAppMessages(number)).toMatchObject([{ text: 'Hello' }, { text: 'Hi' }]);
    const [delivered] = callback.received;
    expect(delivered?.signature).toBe(
      `sha256=${createHmac('sha256', app.secret)
        .update(delivered?.body ?? '')
        .digest('hex')}`,
    );
    const { entry } = JSON.parse(delivered?.body ?? '') as { entry: object[] };
    expect(entry).toEqual([
      { id: waba, changes: [{ field: 'messages', value: expect.objectContaining({}) }] },
    ]);
    expect(await sim.deliveries()).toMatchObject([{ field: 'messages', status: 200 }]);
  });

  test.each([
    ['is not registered', 'notRegistered', 133010, () => talk.graph('POST', `${phoneId}/deregister`)],
    ['is not subscribed', 'notSubscribed', 10, () => system().unsubscribeApp(waba)],
    [
      'is not funded',
      'notFunded',
      131042,
      (allocationConfigId: string) => system().revokeCreditSharing(allocationConfigId),
    ],
  ])('go nowhere where the number or its WABA %s', async (_name, why, code, change) => {
    await change(await connect());
    expect((await send('EAAJB')).body).toMatchObject({ error: { code } });
    expect(await sim.writeTo(number, 'Hi')).toEqual({ delivered: false, why });
    expect(await sim.whatsAppMessages(number)).toEqual([]);
  });

  test('are paid by the customer, or by nobody where the switch says so', async () => {
    await system().subscribeApp(waba);
    await system().registerPhoneNumber(phoneId, '424242', null);
    await sim.setWaba(waba, { paysItself: true });
    expect((await send('EAAJB')).status).toBe(200);
    await sim.setWaba(waba, { paysItself: false });
    await sim.assume({ unfundedWabas: 'canMessage' });
    expect((await send('EAAJB')).status).toBe(200);
  });
});

describe('a customer', () => {
  test('who leaves takes the WABA, its tokens and the subscription along, and the app is told', async () => {
    await connect();
    const token = await signUp(waba);
    await using callback = await Callback.start();
    await sim.setApp({ ...app, callbackUrl: callback.url });
    await sim.leave(waba);
    await expect(graphAs(token).getPhoneNumber(phoneId)).rejects.toMatchObject(refused('190/458'));
    await expect(system().getPhoneNumber(phoneId)).rejects.toMatchObject(refused('100/33'));
    const waba_info = { waba_id: waba, owner_business_id: businessId };
    expect(JSON.parse(callback.received[0]?.body ?? '')).toEqual({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: portfolio,
          time: Date.parse('2026-01-01T00:00:00Z') / 1000,
          changes: [{ field: 'account_update', value: { event: 'PARTNER_REMOVED', waba_info } }],
        },
      ],
    });
    expect(await sim.setWaba(waba)).toMatchObject({ sharedWith: [], subscribedAppIds: [], funded: true });
  });

  test.each([
    ['always' as const, true],
    ['never' as const, false],
  ])('deliveryTime: %s', async (deliveryTime, timed) => {
    await sim.assume({ deliveryTime });
    await using callback = await Callback.start();
    await sim.setApp({ ...app, callbackUrl: callback.url });
    await sim.leave(waba);
    expect(callback.received[0]?.body.includes('"time"')).toBe(timed);
  });

  test.each(['ACCOUNT_OFFBOARDED', 'ACCOUNT_DELETED'] as const)(
    'leaves by %s, whose entry is the WABA',
    async (event) => {
      await using callback = await Callback.start();
      await sim.setApp({ ...app, callbackUrl: callback.url });
      await sim.leave(waba, event);
      expect(await sim.deliveries()).toMatchObject([{ entryId: waba, value: { event }, status: 200 }]);
      await expect(system().getPhoneNumber(phoneId)).rejects.toMatchObject(refused('100/33'));
    },
  );

  test('of whom Meta may say anything: it is posted, and nothing has changed', async () => {
    await using callback = await Callback.start();
    await sim.setApp({ ...app, callbackUrl: callback.url });
    const lie = { entryId: waba, field: 'account_update', value: { event: 'ACCOUNT_DELETED' } };
    expect(await sim.deliver(lie)).toMatchObject({ ...lie, status: 200 });
    expect((await system().getPhoneNumber(phoneId)).id).toBe(phoneId);
  });

  test('deletes a number with its PIN, thirty days after its last message, and it may go into a pool again', async () => {
    await connect();
    await send('EAAJB');
    await expect(sim.deletePhoneNumber(number, '424242')).rejects.toThrow('within 30 days');
    await talk.advance('31 days');
    await expect(sim.deletePhoneNumber(number, '111111')).rejects.toThrow('PIN');
    await sim.deletePhoneNumber(number, '424242');
    await expect(system().getPhoneNumber(phoneId)).rejects.toMatchObject(refused('100/33'));
    expect(await talk.add()).toMatch(/^\d+$/);
  });

  test('whose name is reviewed, and changed: it takes effect by registering again', async () => {
    await talk.sim('POST', 'assumptions', { displayNameReview: '1 hour' });
    const health = () => system().readNumberHealth(phoneId);
    expect(await health()).toMatchObject({ nameStatus: 'PENDING_REVIEW', newNameStatus: 'NONE' });
    await talk.advance('1 hour');
    await connect();
    expect(await health()).toMatchObject({ status: 'CONNECTED', nameStatus: 'APPROVED' });
    await using callback = await Callback.start();
    await sim.setApp({ ...app, callbackUrl: callback.url });
    await sim.reviewName(number, 'APPROVED', 'Lucky Shrub Garden');
    expect(await health()).toMatchObject({ newNameStatus: 'APPROVED' });
    expect(callback.received[0]?.body).toContain('"decision":"APPROVED"');
    await system().registerPhoneNumber(phoneId, '424242', null);
    expect(await system().getPhoneNumber(phoneId)).toMatchObject({ verifiedName: 'Lucky Shrub Garden' });
  });
});

describe('the signup popup', () => {
  const popup = async (path: string, body: object) => {
    const url = `${talk.simulator.url}/signup-popup/${path}`;
    return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<any>;
  };
  const finish = async () => {
    const { id } = await popup('sessions', { options: {}, appId: app.id });
    await popup(`sessions/${id as string}/number`, { choice: 'none' });
    return popup(`sessions/${id as string}/permissions`, { businessName: 'Lucky Shrub' });
  };

  test('shares the WABA with the partner, tells its app, and brings a code for that app alone', async () => {
    await using callback = await Callback.start();
    await sim.setApp({ ...app, callbackUrl: callback.url });
    const { message, code } = await finish();
    const wabaId = message.data.waba_id as string;
    const others = system().exchangeSignupCode({ id: '4711', secret: 'hush' }, code as string);
    await expect(others).rejects.toMatchObject(refused('100'));
    const token = await system().exchangeSignupCode(app, code as string);
    expect(await system().debugToken(app, token)).toMatchObject({ wabaIds: [wabaId] });
    const shared: unknown[] = [];
    for await (const { id } of system().listClientWabas(portfolioId)) shared.push(id);
    expect(shared).toEqual([waba, wabaId]);
    await callback.next();
    expect(callback.received[0]?.body).toContain('PARTNER_ADDED');
  });

  test('signupCode: brings none', async () => {
    await sim.assume({ signupCode: false });
    expect(await finish()).toMatchObject({ code: null });
  });

  test('partnerAddedDelivered: tells the app nothing', async () => {
    await using callback = await Callback.start();
    await sim.setApp({ ...app, callbackUrl: callback.url });
    await sim.assume({ partnerAddedDelivered: false });
    await finish();
    expect(await sim.deliveries()).toEqual([]);
  });
});

test('unknownWabas: a WABA that nobody has shared is not there', async () => {
  await sim.assume({ unknownWabas: 'missing' });
  await expect(system().subscribeApp('301' as WabaId)).rejects.toMatchObject(refused('100/33'));
});

/** Where an app's webhooks go. */
class Callback implements AsyncDisposable {
  readonly received: { body: string; signature: IncomingMessage['headers'][string] }[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      this.received.push({ body, signature: request.headers['x-hub-signature-256'] });
      for (const arrived of this.waiting.splice(0)) arrived();
      response.end('ok');
    });
  });

  static async start(): Promise<Callback> {
    const callback = new Callback();
    await new Promise<void>((resolve) => callback.server.listen(0, '127.0.0.1', resolve));
    return callback;
  }

  /** Settles once a webhook has come. */
  async next(): Promise<void> {
    if (this.received.length === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}/webhooks/meta`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
