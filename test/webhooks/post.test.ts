import type { Endpoint } from '../../activities/webhooks/endpoints';
import { post } from '../../activities/webhooks/post';
import type { WebhookEvent } from '../../contract/webhook-events';
import { newSecret, Receiver } from './receiver';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await new Receiver().up();
});
afterEach(() => receiver.down());

const event: WebhookEvent = {
  id: '15550783881:verified:1793000000000',
  type: 'number.verified',
  at: '2026-10-26T07:33:20.000Z',
  partnerBusinessId: null,
  data: { phoneNumber: '15550783881' },
};
const endpoint = (change: Partial<Endpoint> = {}): Endpoint => ({
  name: 'crm',
  url: receiver.url,
  secrets: [receiver.secret],
  events: ['*'],
  partnerBusinessId: null,
  allowHttp: true,
  allowPrivateAddress: true,
  ...change,
});
const posted = (change: Partial<Endpoint> = {}) =>
  post(endpoint(change), event, new AbortController().signal);

test('a webhook carries the ID, the time and a Standard Webhooks signature', async () => {
  expect(await posted()).toEqual({ outcome: 'accepted' });
  expect(receiver.received).toEqual([
    { id: event.id, body: { type: event.type, timestamp: event.at, data: event.data } },
  ]);
});

test('both of two secrets sign: a receiver accepts the webhook with the old one and with the new one', async () => {
  const added = newSecret();
  const secrets = [added, receiver.secret];
  expect(await posted({ secrets })).toEqual({ outcome: 'accepted' });
  receiver.secret = added;
  expect(await posted({ secrets })).toEqual({ outcome: 'accepted' });
  expect(await posted({ secrets: [newSecret()] })).toMatchObject({ reason: 'it answered with 401' });
});

test('a redirect is not followed', async () => {
  receiver.answers.push({ status: 307, headers: { location: receiver.url } });
  expect(await posted()).toEqual({
    outcome: 'failed',
    reason: 'it answered with 307, and redirects are not followed',
    retryAfter: null,
    gone: false,
  });
  expect(receiver.requests).toHaveLength(1);
});

test.each([
  [429, '7', 7_000, false],
  [503, new Date(Date.now() + 3_600_000).toUTCString(), 3_600_000, false],
  [500, 'soon', null, false],
  [410, '0', 0, true],
])('%i with Retry-After %s states the wait before the next attempt', async (status, header, wait, gone) => {
  receiver.answers.push({ status, headers: { 'retry-after': header } });
  const result = await posted();
  expect(result).toMatchObject({ outcome: 'failed', gone });
  if (result.outcome !== 'failed') return;
  if (wait === null) expect(result.retryAfter).toBeNull();
  else expect(Math.abs((result.retryAfter ?? Infinity) - wait)).toBeLessThan(10_000);
});

test.each([
  ['an address', (url: URL) => url.href],
  ['an address in IPv6', (url: URL) => `http://[::ffff:127.0.0.1]:${url.port}/`],
  ['an address as a number', (url: URL) => `http://2130706433:${url.port}/`],
  // Checked in the look-up of the connection itself: a second look-up could give another address.
  ['a name', (url: URL) => `http://localhost:${url.port}/`],
])('our own network cannot be reached by %s', async (_, addressed) => {
  const url = addressed(new URL(receiver.url));
  expect(await posted({ url, allowPrivateAddress: false })).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(/ is a private or local address: /),
    gone: false,
  });
  expect(receiver.requests).toEqual([]);
});

test('the reason of a failure contains neither the address nor a secret', async () => {
  await receiver.down();
  const url = `${receiver.url}?token=secret-in-the-address`;
  const result = await posted({ url });
  expect(result).toEqual({ outcome: 'failed', reason: 'ECONNREFUSED', retryAfter: null, gone: false });
});
