import type { Endpoint } from '../../activities/webhooks/endpoints';
import { post } from '../../activities/webhooks/post';
import type { WebhookEvent } from '../../contract/webhook-events';
import { newSecret, Receiver } from './receiver';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await new Receiver().up();
});
afterEach(() => receiver.down());

const news: WebhookEvent = {
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
const posted = (change: Partial<Endpoint> = {}) => post(endpoint(change), news, new AbortController().signal);

test('what is posted bears the ID, the time and a signature of Standard Webhooks', async () => {
  expect(await posted()).toEqual({ outcome: 'taken' });
  expect(receiver.received).toEqual([
    { id: news.id, body: { type: news.type, timestamp: news.at, data: news.data } },
  ]);
});

test('while secrets are changed each of both signs: a receiver with the old one takes it, and one with the new', async () => {
  const renewed = newSecret();
  const secrets = [renewed, receiver.secret];
  expect(await posted({ secrets })).toEqual({ outcome: 'taken' });
  receiver.secret = renewed;
  expect(await posted({ secrets })).toEqual({ outcome: 'taken' });
  expect(await posted({ secrets: [newSecret()] })).toMatchObject({ why: 'it answered with 401' });
});

test('a redirect is not followed', async () => {
  receiver.answers.push({ status: 307, headers: { location: receiver.url } });
  expect(await posted()).toEqual({
    outcome: 'refused',
    why: 'it answered with 307, and redirects are not followed',
    retryAfter: null,
    final: false,
  });
  expect(receiver.requests).toHaveLength(1);
});

test.each([
  [429, '7', 7_000, false],
  [503, new Date(Date.now() + 3_600_000).toUTCString(), 3_600_000, false],
  [500, 'soon', null, false],
  [410, '0', 0, true],
])('%i with retry-after %s says when it is told again', async (status, header, wait, final) => {
  receiver.answers.push({ status, headers: { 'retry-after': header } });
  const answer = await posted();
  expect(answer).toMatchObject({ outcome: 'refused', final });
  if (answer.outcome !== 'refused') return;
  if (wait === null) expect(answer.retryAfter).toBeNull();
  else expect(Math.abs((answer.retryAfter ?? Infinity) - wait)).toBeLessThan(10_000);
});

test.each([
  ['an address', (url: URL) => url.href],
  ['an address in IPv6', (url: URL) => `http://[::ffff:127.0.0.1]:${url.port}/`],
  ['an address as a number', (url: URL) => `http://2130706433:${url.port}/`],
  // Looked up when it is connected to, so that no second look-up can lead elsewhere.
  ['a name', (url: URL) => `http://localhost:${url.port}/`],
])('our own network is not reached by %s', async (_, addressed) => {
  const url = addressed(new URL(receiver.url));
  expect(await posted({ url, allowPrivateAddress: false })).toMatchObject({
    outcome: 'refused',
    why: expect.stringMatching(/ is a private or local address: /),
    final: false,
  });
  expect(receiver.requests).toEqual([]);
});

test('neither address nor secret stands in what is said of a failure', async () => {
  await receiver.down();
  const url = `${receiver.url}?token=secret-in-the-address`;
  const answer = await posted({ url });
  expect(answer).toEqual({ outcome: 'refused', why: 'ECONNREFUSED', retryAfter: null, final: false });
});
