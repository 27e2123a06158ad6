import fc from 'fast-check';
import { dataConverter } from '../../temporal/data-converter';
import { trusted } from '../../gateway/limits';
import { ownNamespace, type TestServer } from '../support/servers';
import { everySecret, TestGateway } from './gateway';
import { batch, meta, otp, partnerAdded, secrets, sms, type Letter } from './sender';

jest.setTimeout(60_000);

let temporal: TestServer;
const gateways: TestGateway[] = [];

beforeAll(async () => {
  temporal = await ownNamespace({ dataConverter: dataConverter({ payloads: { keys: [] } }) });
});

afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
  await temporal.close();
});

const proxies = '10.0.0.0/8, 192.0.2.7,2001:db8:ffff::/48';
/** Ten requests each ten seconds. */
const max = 10;

async function gatewayBehind(trustedProxies: string): Promise<TestGateway> {
  const gateway = await TestGateway.open(temporal.env.client, {
    ...everySecret,
    GATEWAY_REQUESTS_PER_SECOND: '1',
    GATEWAY_TRUSTED_PROXIES: trustedProxies,
  });
  gateways.push(gateway);
  return gateway;
}

/** A visitor who opens the signup page. */
const visit = (forwardedFor?: string): Letter => ({
  method: 'GET',
  url: '/signup',
  headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  body: '',
});

/** Sends one more than the limit allows, and says how each was answered. */
async function exhaust(gateway: TestGateway, letter: () => Letter, from: string): Promise<number[]> {
  const answers: number[] = [];
  for (let sent = 0; sent <= max; sent++) answers.push((await gateway.send(letter(), from)).status);
  return answers;
}

const all = (status: number, last: number) => [...Array<number>(max).fill(status), last];

describe('behind a trusted proxy', () => {
  test.each([
    ['an address', '192.0.2.7'],
    ['an address of a range', '10.200.3.4'],
    ['an IPv4 address as IPv6 writes it', '::ffff:10.200.3.5'],
    ['an IPv6 address of a range', '2001:db8:ffff::9'],
  ])('each visitor has a limit of their own: %s', async (_, proxy) => {
    const gateway = await gatewayBehind(proxies);
    expect(await exhaust(gateway, () => visit('198.51.100.1'), proxy)).toEqual(all(200, 429));
    expect((await gateway.send(visit('198.51.100.2'), proxy)).status).toBe(200);
    expect((await gateway.send(visit(), proxy)).status).toBe(200);
    // The one who used theirs up does not get another by calling directly.
    expect((await gateway.send(visit(), '198.51.100.1')).status).toBe(429);
  });

  test('the visitor is whom the outermost of several proxies saw, whatever the visitor claims before', async () => {
    const gateway = await gatewayBehind(proxies);
    let claimed = 0;
    const letter = () => visit(`203.0.113.${String(++claimed)}, 198.51.100.1, 192.0.2.7`);
    expect(await exhaust(gateway, letter, '10.0.0.1')).toEqual(all(200, 429));
    expect((await gateway.send(visit('198.51.100.1'), '10.0.0.1')).status).toBe(429);
    expect((await gateway.send(visit('203.0.113.1'), '10.0.0.1')).status).toBe(200);
  });

  test.each([
    ['the port of an IPv4 address', (n: number) => `198.51.100.1:${String(40_000 + n)}`],
    ['the port of an IPv6 address', (n: number) => `[2001:db8::1]:${String(40_000 + n)}`],
    ['an address of the same IPv6 network', (n: number) => `2001:db8::${n.toString(16)}`],
    ['a proxy with a port', (n: number) => `198.51.100.1, 10.0.0.2:${String(40_000 + n)}`],
  ])('%s makes no visitor another one', async (_, forwardedFor) => {
    const gateway = await gatewayBehind(proxies);
    let count = 0;
    const letter = () => visit(forwardedFor(++count));
    expect(await exhaust(gateway, letter, '10.0.0.1')).toEqual(all(200, 429));
  });

  test.each([
    ['nonsense', 'unknown'],
    ['nothing', ' , ,'],
    ['many', Array.from({ length: 500 }, (_, n) => `10.0.${String(n >> 8)}.${String(n & 255)}`).join(',')],
  ])('a header of %s is no fault', async (_, forwardedFor) => {
    const gateway = await gatewayBehind(proxies);
    expect((await gateway.send(visit(forwardedFor), '10.0.0.1')).status).toBe(200);
  });
});

test('what another address writes into X-Forwarded-For is not believed, and the log says once whom to name', async () => {
  const gateway = await gatewayBehind(proxies);
  let claimed = 0;
  const letter = () => visit(`203.0.113.${String(++claimed)}`);
  expect(await exhaust(gateway, letter, '198.51.100.1')).toEqual(all(200, 429));
  expect(gateway.log.match(/GATEWAY_TRUSTED_PROXIES/g)).toHaveLength(1);
  expect(gateway.log).toContain('198.51.100.1');
});

describe('signed requests have a limit of their own', () => {
  const address = '198.51.100.1';
  const challenge = (token: string): Letter => ({
    method: 'GET',
    url: `/webhooks/meta?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${token}`,
    headers: {},
    body: '',
  });
  const signed = {
    twilio: () => sms('15550780001', '123456'),
    'standard webhooks': () => otp({ to: '15550780001', text: '123456' }),
    meta: () => meta(batch(partnerAdded('102290129340398'))),
    "meta's challenge": () => challenge(secrets.verifyToken),
  };
  const forged = {
    twilio: () => ({ ...sms('15550780001', '123456'), body: 'To=1' }),
    'standard webhooks': () => otp({ to: '15550780001', text: '123456' }, { at: 1 }),
    meta: () => meta(batch(partnerAdded('102290129340398')), 'a key of their own'),
    "meta's challenge": () => challenge('a-token-of-their-own'),
  };

  test.each(Object.entries(forged))(
    'that no stranger behind the same address uses up, by forging %s',
    async (_, letter) => {
      const gateway = await gatewayBehind('');
      expect(await exhaust(gateway, letter, address)).toEqual(all(401, 429));
      expect((await gateway.send(visit(), address)).status).toBe(429);
      for (const honest of Object.values(signed)) {
        expect([200, 202, 404]).toContain((await gateway.send(honest(), address)).status);
      }
    },
  );

  test('that no visitor behind the same address uses up', async () => {
    const gateway = await gatewayBehind('');
    await exhaust(gateway, () => visit(), address);
    for (const honest of Object.values(signed)) {
      expect([200, 202, 404]).toContain((await gateway.send(honest(), address)).status);
    }
  });

  test('for each kind of sender and each address, and leave visitors theirs', async () => {
    const gateway = await gatewayBehind('');
    expect(await exhaust(gateway, signed["meta's challenge"], address)).toEqual(all(200, 429));
    const { status, headers } = await gateway.send(signed.meta(), address);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await gateway.send(signed.twilio(), address)).status).toBe(404);
    expect((await gateway.send(signed["meta's challenge"](), '198.51.100.2')).status).toBe(200);
    expect((await gateway.send(visit(), address)).status).toBe(200);
  });
});

test('an address is trusted exactly where it lies in a range, in whatever form it is written', () => {
  const inside = trusted(['10.0.0.0/8', '2001:db8:ffff::/48']);
  const v4 = fc.ipV4().map((address) => [address, address.startsWith('10.')] as const);
  const v6 = fc.ipV6().map((address) => [address, false] as const);
  fc.assert(
    fc.property(v4, fc.integer({ min: 1, max: 65_535 }), ([address, expected], port) => {
      for (const form of [
        address,
        `${address}:${String(port)}`,
        `::ffff:${address}`,
        `[::ffff:${address}]:${String(port)}`,
      ]) {
        expect([form, inside(form)]).toEqual([form, expected]);
      }
    }),
  );
  fc.assert(
    fc.property(v6, ([address]) => {
      fc.pre(!/^2001:0?db8:ffff:|^(0*:)+:?ffff:/i.test(address));
      expect(inside(address)).toBe(false);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => !inside(text) || /10\.|2001/.test(text)));
});
