import { createHmac, randomInt } from 'node:crypto';
import { dataConverter } from '../../temporal/data-converter';
import { workflowIdOf } from '../../contract/workflow-ids';
import { signedByV2, signedByV3 } from '../../gateway/otp/plivo';
import { vonage } from '../../gateway/otp/vonage';
import { ownNamespace, type TestServer } from '../support/servers';
import { everySecret, heldFor, startNumber, TestGateway } from './gateway';
import {
  bandwidth,
  bandwidthEvent,
  bandwidthEvents,
  elks,
  otherTelnyxKey,
  plivo,
  plivoSms,
  telnyx,
  telnyxBody,
  vonageJson,
  vonageMessage,
  vonageReceipt,
  vonageSms,
  vonageSpeech,
  type Letter,
} from './sender';

let temporal: TestServer;
let gateway: TestGateway;

beforeAll(async () => {
  temporal = await ownNamespace({ dataConverter: dataConverter({ payloads: { keys: [] } }) });
  gateway = await TestGateway.open(temporal.env.client);
});

afterAll(async () => {
  await gateway.close();
  await temporal.close();
});

const held = (digits: string) => heldFor(temporal.env.client, workflowIdOf(digits));
const taken = [200, 202];

async function newNumber(): Promise<string> {
  const digits = `1555${String(randomInt(10_000_000)).padStart(7, '0')}`;
  await startNumber(temporal.env.client, digits);
  return digits;
}

const text = 'Your WhatsApp code 735-912';
const seconds = () => Math.floor(Date.now() / 1000);

interface Way {
  name: string;
  write: (to: string, text: string, signing?: { id?: string; at?: number }) => Letter;
  forged: (to: string) => Letter;
  by: RegExp;
  /** It signs when it was sent. */
  hasTime?: true;
}

const ways: Way[] = [
  {
    name: 'an SMS of Telnyx',
    write: (to, words, signing) => telnyx(`+${to}`, words, signing),
    forged: (to) => telnyx(`+${to}`, text, {}, otherTelnyxKey()),
    by: /^gateway: SMS from Telnyx \w+$/,
    hasTime: true,
  },
  {
    name: "speech that Telnyx's TeXML gathered",
    write: (to, words, signing) =>
      telnyxBody(
        new URLSearchParams({ To: `+${to}`, CallSid: 'v3:1', SpeechResult: words }).toString(),
        signing,
        undefined,
        { 'content-type': 'application/x-www-form-urlencoded' },
      ),
    forged: (to) => telnyxBody(`To=${to}&SpeechResult=${text}`, {}, otherTelnyxKey()),
    by: /^gateway: call from Telnyx v3:1$/,
    hasTime: true,
  },
  {
    name: 'an SMS of Vonage by GET',
    write: (to, words, signing) => vonageSms('GET', to, words, signing),
    forged: (to) => vonageSms('GET', to, text, { key: 'another' }),
    by: /^gateway: SMS from Vonage \w+$/,
    hasTime: true,
  },
  {
    name: 'an SMS of Vonage as a form',
    write: (to, words, signing) => vonageSms('POST', to, words, signing),
    forged: (to) => vonageSms('POST', to, text, { key: 'another' }),
    by: /^gateway: SMS from Vonage \w+$/,
    hasTime: true,
  },
  {
    name: "an SMS of Vonage's Messages API",
    write: vonageMessage,
    forged: (to) => vonageMessage(to, text, { key: 'another' }),
    by: /^gateway: SMS from Vonage \w+$/,
    hasTime: true,
  },
  {
    name: 'speech that Vonage heard',
    write: vonageSpeech,
    forged: (to) => vonageSpeech(to, text, { key: 'another' }),
    by: /^gateway: call from Vonage \w+$/,
    hasTime: true,
  },
  {
    name: 'an SMS of Plivo, signed with its fields',
    write: (to, words, signing) => plivoSms('V3', to, words, signing),
    forged: (to) => plivoSms('V3', to, text, { key: 'another' }),
    by: /^gateway: SMS from Plivo \w+$/,
  },
  {
    name: 'an SMS of Plivo, signed without its fields',
    write: (to, words, signing) => plivoSms('V2', to, words, signing),
    forged: (to) => plivoSms('V2', to, text, { key: 'another' }),
    by: /^gateway: SMS from Plivo nonce \w+$/,
  },
  {
    name: 'speech that Plivo heard',
    write: (to, words) => plivo('V3', { To: to, CallUUID: 'c1', InputType: 'speech', Speech: words }),
    forged: (to) => plivo('V3', { To: to, CallUUID: 'c1', Speech: text }, { key: 'another' }),
    by: /^gateway: call from Plivo c1$/,
  },
  {
    name: 'an SMS of 46elks',
    write: (to, words, signing) => elks(`+${to}`, words, signing),
    forged: (to) => elks(`+${to}`, text, { key: 'elks:another' }),
    by: /^gateway: SMS from 46elks \w+$/,
  },
  {
    name: 'an SMS of Bandwidth',
    write: (to, words, signing) => bandwidth(`+${to}`, words, signing),
    forged: (to) => bandwidth(`+${to}`, text, { key: 'bandwidth:another' }),
    by: /^gateway: SMS from Bandwidth \w+$/,
  },
];

describe.each(ways)('$name', ({ write, forged, by, hasTime }) => {
  test('reaches its number, and a repeat acts once', async () => {
    const digits = await newNumber();
    const letter = write(digits, text);
    const first = await gateway.send(letter);
    expect(taken).toContain(first.status);
    // 46elks would send it to the caller.
    expect(first.body).toBe('');
    expect((await gateway.send(letter)).status).toBe(200);
    expect(await held(digits)).toEqual([
      { name: 'receiveCode', payload: { text, by: expect.stringMatching(by) } },
    ]);
  });

  test('says who sent it where it holds no code', async () => {
    const digits = await newNumber();
    await gateway.send(write(digits, 'See you at eight'));
    const [message] = await held(digits);
    expect(message?.payload).toMatchObject({
      text: 'See you at eight',
      method: expect.stringMatching(/^(SMS|VOICE)$/),
    });
  });

  test('that is forged or changed is refused: 401', async () => {
    const digits = await newNumber();
    const honest = write(digits, text);
    const signed = Object.keys(honest.headers).filter((name) => /signature|authorization/.test(name));
    const letters = [
      forged(digits),
      ...signed.map((name) => ({ ...honest, headers: { ...honest.headers, [name]: 'Bearer x' } })),
      {
        ...honest,
        headers: {},
        url: honest.url.replace(/sig=.*/, 'sig=0'),
        body: honest.body.replace(/sig=\w+/, 'sig=0'),
      },
    ];
    for (const letter of letters) expect((await gateway.send(letter)).status).toBe(401);
    expect(await held(digits)).toEqual([]);
  });

  if (hasTime)
    test('that is stale is refused: 401', async () => {
      const digits = await newNumber();
      for (const at of [seconds() - 310, seconds() + 310])
        expect((await gateway.send(write(digits, text, { at }))).status).toBe(401);
      expect(await held(digits)).toEqual([]);
    });

  test('of which a number knows nothing is refused: 404', async () => {
    expect((await gateway.send(write('15550000000', text))).status).toBe(404);
  });

  test('that is too large is refused: 413', async () => {
    const letter = write(await newNumber(), 'x'.repeat(70_000));
    if (letter.method === 'POST') expect((await gateway.send(letter)).status).toBe(413);
  });
});

test.each([
  ['Telnyx', telnyxBody(JSON.stringify({ data: { event_type: 'message.finalized', payload: {} } }))],
  ['Vonage', vonageJson({ message_uuid: '1', to: '15550783881', status: 'delivered' })],
  ['the SMS API of Vonage', vonageReceipt('15550783881')],
  ['Plivo', plivo('V3', { MessageUUID: '1', Status: 'delivered' })],
  ['Bandwidth', bandwidthEvents([{ type: 'message-delivered', message: {} }])],
])('what %s says of something else is acknowledged: 200', async (_, letter) => {
  expect((await gateway.send(letter)).status).toBe(200);
});

test.each(['/otp/vonage', '/otp/plivo'])(
  'fields that have no text are not proved at %s: 401, and no fault of the gateway',
  async (url) => {
    const odd = { toString: 1, valueOf: 1 };
    const headers = {
      'content-type': 'application/json',
      'x-plivo-signature-v3': `${'x'.repeat(43)}=`,
      'x-plivo-signature-v3-nonce': 'n',
    };
    const signed = { sig: '0'.repeat(32), timestamp: String(seconds()) };
    for (const fields of [{ x: odd }, { x: [odd, odd] }, { x: [[odd]] }, { timestamp: odd }, { x: null }]) {
      const letter: Letter = { method: 'POST', url, headers, body: JSON.stringify({ ...signed, ...fields }) };
      expect((await gateway.send(letter)).status).toBe(401);
    }
    expect(gateway.log).not.toContain('has a fault');
  },
);

test('of several events one that cannot be read, or is of another number, does not lose the others', async () => {
  const digits = await newNumber();
  const events = [
    { type: 5 },
    bandwidthEvent('+15550000000', text),
    bandwidthEvent(`+${digits}`, text),
    null,
  ];
  expect((await gateway.send(bandwidthEvents(events))).status).toBe(202);
  expect(await held(digits)).toHaveLength(1);
});

test('a token of Vonage is of a body: an address that anybody could have written proves nothing', async () => {
  const digits = await newNumber();
  const { headers } = vonageMessage(digits, text);
  const url = `/otp/vonage?${new URLSearchParams({ msisdn: '1', to: digits, messageId: '1', text }).toString()}`;
  expect((await gateway.send({ method: 'GET', url, headers, body: '' })).status).toBe(401);
  expect((await gateway.send({ ...vonageMessage(digits, text), headers })).status).toBe(401);
});

test('a nonce of Plivo is good for one message where the fields are not signed', async () => {
  const digits = await newNumber();
  const letter = plivoSms('V2', digits, text);
  const body = letter.body.replace('735-912', '111-111');
  expect((await gateway.send(letter)).status).toBe(202);
  expect((await gateway.send({ ...letter, body })).status).toBe(200);
  // Nor does a header of the other version make it another message.
  const headers = { ...letter.headers, 'x-plivo-signature-v3': `${'x'.repeat(43)}=` };
  expect((await gateway.send({ ...letter, headers, body })).status).toBe(401);
  expect(await held(digits)).toHaveLength(1);
});

describe("the carriers' own vectors", () => {
  const request = { method: 'POST', headers: {}, body: Buffer.alloc(0), query: {}, content: {} };

  // https://github.com/plivo/plivo-node test/utils.js
  test.each([
    ['https://answer.url', '12345', 'my_auth_token', 'ehV3IKhLysWBxC1sy8INm0qGoQYdYsHwuoKjsX7FsXc='],
    [
      'https://answer.url:8000',
      '24725744043720739450',
      'my_auth_token',
      'LDphWoWimP4QM5AoWI1uwP6WmlWtt5ITPZjXIWYvCNU=',
    ],
    ['https://answer.url:8080', '123456', 'my_auth_tokens', 'xeV6S6BPIQJ/rgKCjCm/Fo2ve5zNe1fatQoHyRT8vxQ='],
  ])('Plivo 2: %s', (url, nonce, token, signature) => {
    expect(createHmac('sha256', token).update(signedByV2({ url }, nonce)).digest('base64')).toBe(signature);
  });

  test('Plivo 3 signs what stands in the address and what stands in the body', () => {
    const signed = (method: string, url: string, query = {}, content = {}) =>
      signedByV3({ ...request, method, url, query, content }, 'n');
    expect(signed('POST', 'https://a.url/x', {}, { b: '2', a: '1' })).toBe('https://a.url/x?a1b2.n');
    expect(signed('POST', 'https://a.url/x?q=1', { q: '1' }, { a: '1' })).toBe('https://a.url/x?q=1.a1.n');
    expect(signed('GET', 'https://a.url/x?q=1&p=2', { q: '1', p: '2' })).toBe('https://a.url/x?p=2&q=1.n');
    expect(signed('POST', 'https://a.url/x')).toBe('https://a.url/x.n');
  });

  // https://github.com/Nexmo/nexmo-python tests/test_signature.py
  test("Vonage's hash of fields", () => {
    jest.useFakeTimers({ now: 1461605396_000 });
    const query = { a: '1', b: '2', timestamp: '1461605396', sig: '6af838ef94998832dbfc29020b564830' };
    expect(vonage.isProvedBy('secret', { ...request, method: 'GET', url: '', query })).toBe(true);
    expect(vonage.isProvedBy('another', { ...request, method: 'GET', url: '', query })).toBe(false);
    jest.useRealTimers();
  });
});

test('each carrier is closed without its secret: 401, and which setting opens it', async () => {
  const bare = await TestGateway.open(temporal.env.client, { GATEWAY_PORT: '1' });
  for (const [letter, setting] of [
    [telnyx('1', text), 'TELNYX_PUBLIC_KEY'],
    [vonageSms('GET', '1', text), 'VONAGE_SIGNATURE_SECRET'],
    [plivoSms('V3', '1', text), 'PLIVO_AUTH_TOKEN'],
    [elks('1', text), 'ELKS_WEBHOOK_LOGIN'],
    [bandwidth('1', text), 'BANDWIDTH_WEBHOOK_LOGIN'],
  ] as const) {
    const { status, body } = await bare.send(letter);
    expect([status, body]).toEqual([401, expect.stringContaining(`${setting} must be set`)]);
  }
  await bare.close();
});

test('the old secret and the new one are both taken while they are changed', async () => {
  const digits = await newNumber();
  const both = await TestGateway.open(temporal.env.client, {
    ...everySecret,
    PLIVO_AUTH_TOKEN: 'new-token, old-token',
    BANDWIDTH_WEBHOOK_LOGIN: 'bandwidth:new,bandwidth:old',
  });
  for (const key of ['new-token', 'old-token'])
    expect((await both.send(plivoSms('V3', digits, text, { key }))).status).toBe(202);
  for (const key of ['bandwidth:new', 'bandwidth:old'])
    expect((await both.send(bandwidth(digits, text, { key }))).status).toBe(202);
  expect((await both.send(plivoSms('V3', digits, text, { key: 'older' }))).status).toBe(401);
  expect(await held(digits)).toHaveLength(4);
  await both.close();
});
