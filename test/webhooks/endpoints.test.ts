import { readEndpoints, wants } from '../../activities/webhooks/endpoints';
import { nextWait } from '../../activities/webhooks/retry-timing';
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
  const read = readEndpoints(typeof content === 'string' ? content : JSON.stringify(content));
  return read.ok ? [] : read.faults;
};

test('a file of endpoints needs a name, an address and a secret of each', () => {
  expect(readEndpoints(JSON.stringify({ endpoints: [endpoint()], stock: { DE: 3 } }))).toMatchObject({
    ok: true,
    endpoints: {
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
  ['another word', { endpoints: [], extra: 1 }, ['extra means nothing here']],
  ['no name', { endpoints: [endpoint({ name: undefined })] }, ['endpoints.0.name is missing']],
  ['two of one name', { endpoints: [endpoint(), endpoint()] }, ['endpoints has two endpoints of one name']],
  [
    'a user in the address',
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
    'an event that is none',
    { endpoints: [endpoint({ events: ['number.sold'] })] },
    [/is no event: "number\.sold"/],
  ],
  [
    'a country that is none',
    { endpoints: [], stock: { Germany: 3 } },
    [/must name countries by two capital letters/],
  ],
  ['no stock at all', { endpoints: [], stock: { DE: 0 } }, ['stock.DE must be 1 or more']],
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

test('an endpoint hears what it asked for, and a partner of that partner alone', () => {
  const hears = (change: object, type: WebhookEventType, partnerBusinessId: string | null = null) => {
    const read = readEndpoints(JSON.stringify({ endpoints: [endpoint(change)] }));
    return read.ok && wants(read.endpoints.endpoints[0]!, { type, partnerBusinessId });
  };
  expect(hears({}, 'number.verified')).toBe(true);
  expect(hears({ events: ['number.*'] }, 'number.verified')).toBe(true);
  expect(hears({ events: ['number.*'] }, 'warning.problem')).toBe(false);
  expect(hears({ events: ['number.verified'] }, 'number.claimed')).toBe(false);
  const partner = { partnerBusinessId: '42' };
  expect(hears(partner, 'number.claimed')).toBe(false);
  expect(hears(partner, 'partner.number_claimed', '43')).toBe(false);
  expect(hears(partner, 'partner.number_claimed', '42')).toBe(true);
  expect(hears({ ...partner, events: ['warning.*'] }, 'partner.number_claimed', '42')).toBe(false);
});

test('only addresses of the open internet are public', () => {
  for (const address of ['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111']) {
    expect([address, isPublic(address)]).toEqual([address, true]);
  }
  const own =
    '127.0.0.1 127.9.9.9 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.1 255.255.255.255';
  const six =
    ':: ::1 fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:10.0.0.1 ::ffff:7f00:1 64:ff9b::a00:1 2002:a00:1::1';
  for (const address of [...own.split(' '), ...six.split(' '), 'crm.example.com', '']) {
    expect([address, isPublic(address)]).toEqual([address, false]);
  }
});

test('it is told again after as long as it has taken so far, from five seconds to six hours, and as asked', () => {
  const second = 1000;
  const hour = 3_600_000;
  expect(nextWait(0, null, 0.5)).toBe(5 * second);
  expect(nextWait(60 * second, null, 0.5)).toBe(60 * second);
  expect(nextWait(72 * hour, null, 0.5)).toBe(6 * hour);
  expect([nextWait(hour, null, 0), nextWait(hour, null, 1)]).toEqual([0.75 * hour, 1.25 * hour]);
  expect(nextWait(0, 90 * second)).toBe(90 * second);
  expect(nextWait(0, 48 * hour)).toBe(6 * hour);
});
