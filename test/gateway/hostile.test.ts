import { request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { readFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { dataConverter } from '../../temporal/data-converter';
import { startGateway } from '../../gateway';
import { workflowIdOf } from '../../contract/workflow-ids';
import { ownNamespace, type TestServer } from '../support/servers';
import { everySecret, heldFor, loggerToFile, settingsOf, startNumber, TestGateway } from './gateway';
import {
  bandwidth,
  batch,
  elks,
  meta,
  otherTelnyxKey,
  otp,
  partnerAdded,
  plivo,
  plivoSms,
  secrets,
  sms,
  telnyx,
  transcript,
  twilio,
  vonageMessage,
  vonageSms,
  type Letter,
} from './sender';

jest.setTimeout(120_000);

let temporal: TestServer;
let gateway: TestGateway;

const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
const digits = '15550783881';
const code = '735912';
/** Was held once, before all else. */
const honest = sms(digits, `WhatsApp code ${code}`);

beforeAll(async () => {
  temporal = await ownNamespace({ dataConverter: dataConverter({ payloads: { keys: [] } }) });
  await startNumber(temporal.env.client, digits);
  gateway = await TestGateway.open(temporal.env.client);
  expect((await gateway.send(honest)).status).toBe(202);
});

afterAll(async () => {
  await gateway.close();
  await temporal.close();
});

/** Nothing but the honest message is there, and no secret is in the log. */
async function expectNothingHappened(log: string): Promise<void> {
  expect(await heldFor(temporal.env.client, workflowIdOf(digits))).toHaveLength(1);
  const { count } = await temporal.env.client.workflow.count();
  expect(count).toBe(1);
  for (const secret of [...Object.values(secrets), code, '735-912', honest.headers['x-twilio-signature']!]) {
    expect(log).not.toContain(secret);
  }
  expect(log).not.toContain('has a fault');
}

const body = { to: digits, text: `WhatsApp code ${code}` };
const key = fc.string({ minLength: 1, maxLength: 40 });
const otpKey = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);
const header = fc.string({ maxLength: 200 }).map((value) => value.replace(/[^\x20-\x7e]/g, '?'));
const carrierPaths = ['/otp/telnyx', '/otp/vonage', '/otp/plivo', '/otp/46elks', '/otp/bandwidth'];
const paths = ['/otp/sms', '/otp/voice', '/otp/call', '/otp', '/webhooks/meta', ...carrierPaths];

/** Signed with a key of the forger's own. */
const forged: fc.Arbitrary<Letter> = fc.oneof(
  key.map((guess) => twilio('/otp/sms', { To: digits, Body: code, MessageSid: 'SM1' }, guess)),
  key.map((guess) => twilio('/otp/voice', { To: digits, SpeechResult: code, CallSid: 'CA1' }, guess)),
  key.map((guess) => twilio('/otp/call', { To: digits, SpeechResult: code, CallSid: 'CA1' }, guess)),
  key.map(() => telnyx(digits, code, {}, otherTelnyxKey())),
  key.map((guess) => vonageSms('GET', digits, code, { key: guess })),
  key.map((guess) => vonageSms('POST', digits, code, { key: guess })),
  key.map((guess) => vonageMessage(digits, code, { key: guess })),
  key.map((guess) => plivoSms('V2', digits, code, { key: guess })),
  key.map((guess) => plivoSms('V3', digits, code, { key: guess })),
  key.map((guess) => elks(digits, code, { key: `elks:${guess}` })),
  key.map((guess) => bandwidth(digits, code, { key: guess })),
  otpKey.map((guess) => otp(body, { key: guess })),
  key.map((guess) => meta(batch(partnerAdded('102290129340398')), guess)),
  header.map((guess): Letter => ({
    method: 'GET',
    url: `/webhooks/meta?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${encodeURIComponent(guess)}`,
    headers: {},
    body: '',
  })),
);

/** Honest, but for a change on the way. */
const changed: fc.Arbitrary<Letter> = fc
  .tuple(
    fc.constantFrom<() => Letter>(
      () => sms(digits, code),
      () => transcript(digits, 'TranscriptionText', code),
      () => otp(body),
      () => meta(batch(partnerAdded('102290129340398'))),
      () => telnyx(digits, code),
      () => vonageMessage(digits, code),
      () => plivoSms('V3', digits, code),
    ),
    fc.nat(),
    fc.constantFrom('body', 'path', 'signature', 'no signature', 'headers', 'query'),
    header,
  )
  .map(([write, at, where, value]) => {
    const letter = write();
    const signature = Object.keys(letter.headers).find((name) => /signature|authorization/.test(name))!;
    const cut = at % letter.body.length;
    switch (where) {
      case 'body':
        return { ...letter, body: `${letter.body.slice(0, cut)}0${letter.body.slice(cut)}` };
      case 'path':
        return { ...letter, url: paths.find((path) => path !== letter.url && !path.startsWith(letter.url))! };
      case 'query':
        // Of the address, Twilio and Plivo alone sign what is behind the path.
        return /^.otp.(sms|voice|plivo)/.test(letter.url)
          ? { ...letter, url: `${letter.url}?${cut}` }
          : { ...letter, body: '' };
      case 'signature':
        return { ...letter, headers: { ...letter.headers, [signature]: value } };
      case 'no signature':
        return { ...letter, headers: { 'content-type': letter.headers['content-type']! } };
      case 'headers':
        return {
          ...letter,
          headers: { ...letter.headers, [signature]: `${letter.headers[signature]!}x${value}` },
        };
    }
  });

/** Honest once, and too old or too new to be so now. */
const stale: fc.Arbitrary<Letter> = fc
  .tuple(fc.constantFrom(-1, 1), fc.integer({ min: 301, max: 10 ** 9 }))
  .chain(([way, seconds]) => {
    const at = Math.floor(Date.now() / 1000) + way * (seconds + 5);
    return fc.constantFrom(
      otp(body, { at }),
      telnyx(digits, code, { at }),
      vonageSms('GET', digits, code, { at }),
      vonageSms('POST', digits, code, { at }),
      vonageMessage(digits, code, { at }),
    );
  });

/** From a true sender, and senseless. */
const anything = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.string({ maxLength: 300 }),
  fc
    .record({ to: fc.constantFrom(digits, ''), text: fc.oneof(fc.integer(), fc.constant(null)) })
    .map((value) => JSON.stringify(value)),
  fc
    .record({ to: fc.string(), text: fc.string() })
    .map((value) => JSON.stringify({ ...value, to: `${value.to}x` })),
);
const malformed: fc.Arbitrary<Letter> = fc.oneof(
  anything.map((value) => otp(value)),
  anything.map((value) => meta(value)),
  fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fc.string({ maxLength: 50 })).map((fields) => {
    delete fields['Body'];
    return twilio('/otp/sms', { ...fields, To: digits });
  }),
  fc.string({ maxLength: 50 }).map((to) => twilio('/otp/voice', { To: `${to}x`, SpeechResult: code })),
);

const wild: fc.Arbitrary<Letter> = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  url: fc.oneof(
    fc.constantFrom(...paths, '/signup/config', '/signup/events', '/signup/code'),
    fc.webPath().map((path) => `/${path}`),
    fc.webQueryParameters().map((query) => `/otp/sms?${query}`),
  ),
  headers: fc.record({
    'content-type': fc.oneof(
      header,
      fc.constantFrom('application/json', 'application/x-www-form-urlencoded'),
    ),
    'x-twilio-signature': header,
    authorization: header,
    'telnyx-timestamp': fc.constant(String(Math.floor(Date.now() / 1000))),
    'telnyx-signature-ed25519': header,
    'x-plivo-signature-v3': header,
    'x-plivo-signature-v3-nonce': header,
    'x-hub-signature-256': header,
    'webhook-id': header,
    'webhook-timestamp': fc.constant(String(Math.floor(Date.now() / 1000))),
    'webhook-signature': fc.oneof(header, fc.constantFrom('v1', 'v1,', 'v1, v1,', 'v2,abc')),
  }),
  body: anything,
});

/** Keys and tokens of signups that the sender made up. */
const signups: fc.Arbitrary<Letter> = fc.oneof(
  header.map((guess): Letter => ({
    method: 'GET',
    url: '/signup/config?customer=acme&version=v4',
    headers: { authorization: `Bearer ${guess}` },
    body: '',
  })),
  fc.oneof(header, fc.base64String(), fc.json()).map((token): Letter => ({
    method: 'POST',
    url: '/signup/events',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token,
      message: { type: 'WA_EMBEDDED_SIGNUP', event: 'FINISH', data: { waba_id: '1' } },
    }),
  })),
  fc.oneof(header, fc.base64String(), fc.json()).map((token): Letter => ({
    method: 'POST',
    url: '/signup/code',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })),
  fc
    .tuple(fc.constantFrom('/signup/events', '/signup/code'), anything)
    .map(([url, value]): Letter => ({ method: 'POST', url, headers: {}, body: value })),
);

const replayed = fc.constant(honest);

const large = fc
  .tuple(fc.constantFrom(...paths), fc.integer({ min: 64 * 1024 + 1, max: 80 * 1024 }))
  .map(([path, size]): Letter =>
    path === '/otp'
      ? otp('x'.repeat(size))
      : path === '/webhooks/meta'
        ? meta('x'.repeat(size * 64))
        : carrierPaths.includes(path)
          ? { ...elks(digits, 'x'.repeat(size)), url: path }
          : twilio(path, { To: digits, Body: code, SpeechResult: 'x'.repeat(size) }),
  );

/** A text that is never closed: each of its quotation marks might begin one that has to be read to the end. */
const unclosed = fc
  .tuple(fc.constantFrom(...carrierPaths, '/signup/events'), fc.constantFrom('\\"', '"\\'))
  .map(([url, part]): Letter => ({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: `{"1234567890123456":"${part.repeat(url === '/signup/events' ? 8_000 : 32_000)}`,
  }));

/** The work that a signature costs grows with what it is of: were these let through to it, twenty a second would be too many. */
const many = fc
  .tuple(
    fc.constantFrom('/otp/sms', '/otp/voice', '/otp/call', ...carrierPaths),
    fc.integer({ min: 201, max: 8_000 }),
    fc.constantFrom('form', 'query', 'object', 'array'),
  )
  .map(([path, fields, where]): Letter => {
    const names = Array.from({ length: where === 'query' ? Math.min(fields, 2_000) : fields }, (_, n) =>
      n.toString(36),
    );
    const { headers } = twilio('/otp/sms', {});
    const form: Letter = { method: 'POST', url: path, headers, body: names.join('&') };
    if (where === 'query') return { ...form, url: `${path}?${names.join('&')}`, body: '' };
    if (where === 'form' || !carrierPaths.includes(path)) return form;
    const value = where === 'array' ? { a: names } : Object.fromEntries(names.map((name) => [name, 1]));
    return { ...form, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
  });

test('so many fields are refused that no sender writes, even where the signature is right', async () => {
  const fields = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, '1']));
  const statuses = async (count: number) => {
    const letters = [twilio('/otp/sms', fields(count)), plivo('V3', fields(count))];
    return Promise.all(letters.map(async (letter) => (await gateway.send(letter)).status));
  };
  expect(await statuses(200)).toEqual([400, 200]);
  expect(await statuses(201)).toEqual([413, 413]);
});

const refusals = [400, 401, 404, 413];
const kinds = [
  ['forged', forged, 3000, [401]],
  ['changed on their way', changed, 3000, [400, 401, 404]],
  ['stale', stale, 1000, [401]],
  ['senseless, from a true sender', malformed, 2000, [...refusals, 200]],
  ['wild', wild, 2000, refusals],
  ['made up for signups', signups, 2000, [400, 401]],
  ['replayed', replayed, 200, [200]],
  ['too large', large, 40, [413]],
  ['of more fields than any sender writes', many, 300, [413]],
  // Where each took the gateway seconds, the test's time would not be enough.
  ['never closed', unclosed, 200, [400, 401]],
] as const;

test.each(kinds)('of requests that are %s, none is accepted', async (_, letters, numRuns, answers) => {
  let sender = 0;
  await fc.assert(
    fc.asyncProperty(letters, async (letter) => {
      // Each from another address, for this is not about the rate limit.
      sender += 1;
      const { status, body } = await gateway.send(letter, `10.0.${sender >> 8}.${sender & 255}`);
      expect(answers as readonly number[]).toContain(status);
      if (status >= 400) expect(JSON.parse(body)).toEqual({ message: expect.any(String) });
    }),
    { numRuns, seed },
  );
  await expectNothingHappened(gateway.log);
});

describe('over a socket', () => {
  let url: URL;
  let file: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const log = loggerToFile();
    file = log.file;
    const settings = settingsOf({ ...everySecret, GATEWAY_PORT: '0', GATEWAY_REQUESTS_PER_SECOND: '1000' });
    const running = await startGateway(settings, {
      client: temporal.env.client,
      logger: log.logger,
      findClaims: () => Promise.reject(new Error('nothing here may be looked for')),
    });
    url = new URL(running.url);
    close = () => running.close();
  });

  afterAll(() => close());

  async function send({ method, url: path, headers, body }: Letter): Promise<number> {
    const outgoing = request({
      host: url.hostname,
      port: url.port,
      method,
      path,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    outgoing.end(body);
    const [answer] = await once(outgoing, 'response');
    await text(answer);
    return answer.statusCode;
  }

  test('none is accepted either', async () => {
    const letters = fc.oneof(forged, changed, stale, malformed, wild, signups);
    await fc.assert(
      fc.asyncProperty(letters, async (letter) => {
        expect([...refusals, 200]).toContain(await send(letter));
      }),
      { numRuns: 500, seed },
    );
    await expectNothingHappened(readFileSync(file, 'utf8'));
  });

  test('nor what is no HTTP, or breaks off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.boolean(), async (bytes, begins) => {
        const socket = connect(Number(url.port), url.hostname);
        const closed = once(socket, 'close');
        socket.on('error', () => undefined).resume();
        if (begins) socket.write('POST /otp HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n');
        socket.end(bytes);
        await closed;
      }),
      { numRuns: 100, seed },
    );
    expect(await send(honest)).toBe(202);
    await expectNothingHappened(readFileSync(file, 'utf8'));
  });
});
