import { readEndpointsFile, subscribes } from '../../activities/webhooks/endpoints';
import { retryDelay } from '../../activities/webhooks/retry-timing';
import { isPublic } from '../../activities/webhooks/public-address';
import type { WebhookEventType } from '../../contract/webhook-events';
import { newSecret } from './receiver';

const endpoint = (change: object = {}) => ({
  name: 'crm',
  url: 'https://crm.example.com/hooks',
  secrets: [newSecret()],
  ...change,
});
const faults = (content: unknown) => {
  const read = readEndpointsFile(typeof content === 'string' ? content : JSON.stringify(content));
  return read.ok ? [] : read.faults;
};

test('an endpoint needs a name, an address and a secret; the rest has defaults', () => {
  expect(readEndpointsFile(JSON.stringify({ endpoints: [endpoint()], stock: { DE: 3 } }))).toMatchObject({
    ok: true,
    file: {
      endpoints: [
        { name: 'crm', events: ['*'], partnerBusinessId: null, allowHttp: false, allowPrivateAddress: false },
      ],
      stock: { DE: 3 },
    },
  });
});

test.each([
  ['not JSON', '{', ['it is not JSON']],
  ['a text', '"endpoints"', ['it must be one JSON object with "endpoints"']],
  ['nothing', {}, ['endpoints is missing']],
  ['an unknown field', { endpoints: [], extra: 1 }, ['extra is not a known field']],
  ['no name', { endpoints: [endpoint({ name: undefined })] }, ['endpoints.0.name is missing']],
  [
    'two of the same name',
    { endpoints: [endpoint(), endpoint()] },
    ['endpoints has two endpoints of the same name'],
  ],
  [
    'a user name in the address',
    { endpoints: [endpoint({ url: 'https://a:b@c.example' })] },
    [/^endpoints\.0\.url must be a web/],
  ],
  [
    'http',
    { endpoints: [endpoint({ url: 'http://c.example' })] },
    [/^endpoints\.0 has a url that is not https/],
  ],
  ['no secret', { endpoints: [endpoint({ secrets: [] })] }, [/^endpoints\.0\.secrets must hold one secret/]],
  [
    'a short secret',
    { endpoints: [endpoint({ secrets: ['whsec_c2hvcnQ='] })] },
    [/^endpoints\.0\.secrets\.0 must be whsec_/],
  ],
  [
    'an unknown event type',
    { endpoints: [endpoint({ events: ['number.sold'] })] },
    [/is no event type: "number\.sold"/],
  ],
  [
    'an unknown country',
    { endpoints: [], stock: { Germany: 3 } },
    [/must name countries by two capital letters/],
  ],
  ['a stock of 0', { endpoints: [], stock: { DE: 0 } }, ['stock.DE must be 1 or more']],
])('%s is a fault that says where it is', (_, content, expected) => {
  const found = faults(content);
  expect(found).toHaveLength(expected.length);
  expected.forEach((fault, index) => {
    expect(found[index]).toMatch(fault);
  });
});

test('no fault repeats a secret', () => {
  const secret = 'whsec_thisIsAlmostASecret';
  expect(faults({ endpoints: [endpoint({ secrets: [secret] })] }).join()).not.toContain(secret);
});

test('an endpoint gets the events that it subscribes to, and of these a partner only its own', () => {
  const gets = (change: object, type: WebhookEventType, partnerBusinessId: string | null = null) => {
    const read = readEndpointsFile(JSON.stringify({ endpoints: [endpoint(change)] }));
    return read.ok && subscribes(read.file.endpoints[0]!, { type, partnerBusinessId });
  };
  expect(gets({}, 'number.verified')).toBe(true);
  expect(gets({ events: ['number.*'] }, 'number.verified')).toBe(true);
  expect(gets({ events: ['number.*'] }, 'warning.problem')).toBe(false);
  expect(gets({ events: ['number.verified'] }, 'number.claimed')).toBe(false);
  const partner = { partnerBusinessId: '42' };
  expect(gets(partner, 'number.claimed')).toBe(false);
  expect(gets(partner, 'partner.number_claimed', '43')).toBe(false);
  expect(gets(partner, 'partner.number_claimed', '42')).toBe(true);
  expect(gets({ ...partner, events: ['warning.*'] }, 'partner.number_claimed', '42')).toBe(false);
});

test('addresses of private, local and reserved ranges are not public', () => {
  for (const address of ['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111']) {
    expect([address, isPublic(address)]).toEqual([address, true]);
  }
  const reserved =
    '127.0.0.1 127.9.9.9 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.1 255.255.255.255';
  const reservedV6 =
    ':: ::1 fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:10.0.0.1 ::ffff:7f00:1 ::7f00:1 ::127.0.0.1 64:ff9b::a00:1 2002:a00:1::1';
  for (const address of [...reserved.split(' '), ...reservedV6.split(' '), 'crm.example.com', '']) {
    expect([address, isPublic(address)]).toEqual([address, false]);
  }
});

test('retries wait as long as the delivery has taken so far, from five seconds to six hours, or as Retry-After says', () => {
  const second = 1000;
  const hour = 3_600_000;
  expect(retryDelay(0, null, 0.5)).toBe(5 * second);
  expect(retryDelay(60 * second, null, 0.5)).toBe(60 * second);
  expect(retryDelay(72 * hour, null, 0.5)).toBe(6 * hour);
  expect([retryDelay(hour, null, 0), retryDelay(hour, null, 1)]).toEqual([0.75 * hour, 1.25 * hour]);
  expect(retryDelay(0, 90 * second)).toBe(90 * second);
  expect(retryDelay(0, 48 * hour)).toBe(6 * hour);
});
