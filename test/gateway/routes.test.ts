import { randomBytes, randomInt } from 'node:crypto';
import { dataConverter } from '../../temporal/data-converter';
import { readSettings } from '../../settings';
import { claimsIdOf } from '../../contract/workflow-ids';
import { workflowIdOf } from '../../contract/workflow-ids';
import { ownNamespace, type TestServer } from '../support/servers';
import { everySecret, heldFor, startNumber, TestGateway } from './gateway';
import { batch, meta, otp, partnerAdded, secrets, sms, transcript, twilio } from './sender';

jest.setTimeout(60_000);

let temporal: TestServer;
let gateway: TestGateway;

beforeAll(async () => {
  const keys = readSettings(['payloads'], { PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}` });
  temporal = await ownNamespace({ dataConverter: dataConverter(keys) });
  gateway = await TestGateway.open(temporal.env.client);
});

afterAll(async () => {
  await gateway.close();
  await temporal.close();
});

const newDigits = () => `1555${String(randomInt(10_000_000)).padStart(7, '0')}`;
const held = (digits: string) => heldFor(temporal.env.client, workflowIdOf(digits));

/** A number that waits. */
async function newNumber(): Promise<string> {
  const digits = newDigits();
  await startNumber(temporal.env.client, digits);
  return digits;
}

describe('what a number received reaches its workflow as it came', () => {
  const text = 'Your WhatsApp code 735-912';

  test.each([
    ['an SMS of Twilio', (to: string) => sms(to, text, 'SM1'), 'gateway: SMS from Twilio SM1'],
    [
      'a transcript of Twilio',
      (to: string) => transcript(to, 'TranscriptionText', text, 'CA1'),
      'gateway: call from Twilio CA1',
    ],
    [
      'speech that Twilio gathered',
      (to: string) => transcript(to, 'SpeechResult', text, 'CA1'),
      'gateway: call from Twilio CA1',
    ],
    [
      'a signed webhook',
      (to: string) => otp({ to, text, method: 'SMS' }, { id: 'msg_1' }),
      'gateway: SMS msg_1',
    ],
    [
      'a signed webhook without a method',
      (to: string) => otp({ to, text }, { id: 'msg_1' }),
      'gateway: message msg_1',
    ],
  ])('%s', async (_, letter, by) => {
    const digits = await newNumber();
    expect(await gateway.send(letter(`+${digits}`))).toMatchObject({ status: 202 });
    expect(await held(digits)).toEqual([{ name: 'receiveCode', payload: { text, by } }]);
  });

  test('also when it is no code: the number tells, not the gateway', async () => {
    const digits = await newNumber();
    expect(await gateway.send(sms(digits, 'See you at eight'))).toMatchObject({ status: 202 });
    expect(await held(digits)).toHaveLength(1);
  });

  test.each([
    ['a blank sender', { from: ' ' }],
    ['an empty reason why its words do not come', { undelivered: '' }],
    ['both, as blanks', { from: '  ', undelivered: ' ' }],
  ])('without %s, which says nothing', async (_, more) => {
    const digits = await newNumber();
    const said = 'See you at eight';
    const letter = otp({ to: digits, text: said, method: 'SMS', ...more }, { id: 'msg_1' });
    expect(await gateway.send(letter)).toMatchObject({ status: 202 });
    const payload = { text: said, method: 'SMS', by: 'gateway: SMS msg_1' };
    expect(await held(digits)).toEqual([{ name: 'receiveCode', payload }]);
  });

  test('encrypted on its way', async () => {
    const digits = await newNumber();
    await gateway.send(sms(digits, text));
    const { events } = await temporal.env.client.workflow.getHandle(workflowIdOf(digits)).fetchHistory();
    const payload = events?.flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? [])[0]?.input
      ?.payloads?.[0];
    expect(Buffer.from(payload!.metadata!['encoding']!).toString()).toBe('binary/encrypted');
    expect(Buffer.from(payload!.data!).toString('latin1')).not.toContain('735-912');
  });

  test('Twilio is answered in its own language, with no instructions', async () => {
    const answer = await gateway.send(sms(await newNumber(), text));
    expect(answer.headers['content-type']).toBe('text/xml');
    expect(answer.body).toMatch(/<Response\/>$/);
  });
});

describe('a repeat has no effect', () => {
  test.each([
    ['an SMS', (to: string) => sms(to, '123-456', 'SM2')],
    ['a transcript', (to: string) => transcript(to, 'TranscriptionText', '123456', 'CA2')],
    ['a signed webhook', (to: string) => otp({ to, text: '123456' }, { id: 'msg_2' })],
  ])('%s that comes again is answered 200', async (_, letter) => {
    const digits = await newNumber();
    const again = letter(digits);
    expect((await gateway.send(again)).status).toBe(202);
    expect((await gateway.send(again)).status).toBe(200);
    expect(await held(digits)).toHaveLength(1);
  });

  test('nor where both come at once', async () => {
    const digits = await newNumber();
    const letter = sms(digits, '123456');
    const answers = await Promise.all(Array.from({ length: 8 }, () => gateway.send(letter)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 202]);
    expect(await held(digits)).toHaveLength(1);
  });

  test('nor at another gateway, which cannot know: Temporal does', async () => {
    const digits = await newNumber();
    const letter = sms(digits, '123456');
    const other = await TestGateway.open(temporal.env.client);
    expect((await gateway.send(letter)).status).toBe(202);
    expect((await other.send(letter)).status).toBe(202);
    expect(await held(digits)).toHaveLength(1);
    await other.close();
  });

  test('while another message with the same words is another message', async () => {
    const digits = await newNumber();
    expect((await gateway.send(sms(digits, '123456'))).status).toBe(202);
    expect((await gateway.send(sms(digits, '123456'))).status).toBe(202);
    expect(await held(digits)).toHaveLength(2);
  });
});

describe('a request that is refused is told why', () => {
  test('a number that is not there: 404', async () => {
    const digits = newDigits();
    const answer = await gateway.send(otp({ to: digits, text: '123456' }));
    expect(answer).toMatchObject({
      status: 404,
      body: expect.stringContaining(`+${digits} is not in the pool`),
    });
  });

  test('a number whose life has ended: 404', async () => {
    const digits = await newNumber();
    await temporal.env.client.workflow.getHandle(workflowIdOf(digits)).terminate();
    expect((await gateway.send(sms(digits, '123456'))).status).toBe(404);
  });

  test.each([
    ['no number', () => otp({ to: 'me', text: '123456' }), /country code/],
    ['no text', () => otp({ to: newDigits() }), /text: is missing/],
    ['a text of another kind', () => otp({ to: newDigits(), text: 123456 }), /text: must be string/],
    ['a text too long', () => otp({ to: newDigits(), text: 'x'.repeat(2001) }), /at most 2000/],
    ['another method', () => otp({ to: newDigits(), text: '1', method: 'FAX' }), /method must be/],
    ['no JSON', () => otp('to=me'), /not JSON/],
    ['no object', () => otp('[]'), /must be Object|to: is missing/],
    ['an empty body', () => otp(''), /not JSON/],
    ['a form without a text', () => twilio('/otp/sms', { To: newDigits() }), /Body: is missing/],
    [
      'a call without words',
      () => twilio('/otp/voice', { To: newDigits() }),
      /TranscriptionText or SpeechResult/,
    ],
    ['a batch of another shape', () => meta({ entry: 'all' }), /entry: must be Array/],
  ])('%s: 400', async (_, letter, words) => {
    const { status, body } = await gateway.send(letter());
    expect(status).toBe(400);
    expect((JSON.parse(body) as { message: string }).message).toMatch(words);
  });

  test('an address that is none: 400, without a word of it', async () => {
    const answer = await gateway.send({ method: 'GET', url: '/%E0%A4', headers: {}, body: '' });
    expect(answer).toMatchObject({ status: 400, body: '{"message":"The address is malformed."}' });
  });

  test('what is too large: 413', async () => {
    const answers = await Promise.all([
      gateway.send(otp({ to: newDigits(), text: 'x'.repeat(70_000) })),
      gateway.send(sms(newDigits(), 'x'.repeat(70_000))),
      gateway.send(meta('x'.repeat(5_000_000))),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([413, 413, 413]);
  });

  test('too many at once from one address: 429, and when to come again', async () => {
    const narrow = await TestGateway.open(temporal.env.client, {
      ...everySecret,
      GATEWAY_REQUESTS_PER_SECOND: '1',
    });
    const letter = sms(newDigits(), '1');
    for (let sent = 0; sent < 10; sent++) expect((await narrow.send(letter)).status).toBe(404);
    const { status, headers } = await narrow.send(letter);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await narrow.send(letter, '192.0.2.2')).status).toBe(404);
    await narrow.close();
  });

  test('a route without its secret is closed: 401, and which setting opens it', async () => {
    const bare = await TestGateway.open(temporal.env.client, { GATEWAY_PORT: '1' });
    for (const [letter, setting] of [
      [sms(newDigits(), '1'), 'TWILIO_AUTH_TOKEN'],
      [transcript(newDigits(), 'SpeechResult', '1'), 'TWILIO_AUTH_TOKEN'],
      [otp({}), 'OTP_WEBHOOK_SECRET'],
      [meta({}), 'META_APP_SECRET and META_VERIFY_TOKEN'],
    ] as const) {
      const { status, body } = await bare.send(letter);
      expect(status).toBe(401);
      expect(body).toContain(`${setting} must be set`);
    }
    await bare.close();
  });
});

describe("Meta's webhooks", () => {
  const newWaba = () => String(randomInt(1, 2 ** 47));
  const looks = (wabaId: string) => heldFor(temporal.env.client, claimsIdOf(wabaId));

  test('the challenge comes back to whoever knows the token', async () => {
    const query = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.challenge': '1158201444<b>',
      'hub.verify_token': secrets.verifyToken,
    });
    const get = async (params: URLSearchParams) =>
      gateway.send({ method: 'GET', url: `/webhooks/meta?${params.toString()}`, headers: {}, body: '' });
    const answer = await get(query);
    expect(answer).toMatchObject({ status: 200, body: '1158201444<b>' });
    expect(answer.headers['content-type']).toContain('text/plain');
    query.set('hub.verify_token', 'another');
    expect((await get(query)).status).toBe(401);
    query.delete('hub.verify_token');
    expect((await get(query)).status).toBe(401);
  });

  test('a partner that was added is looked at for claims, once', async () => {
    const wabaId = newWaba();
    const letter = meta(batch(partnerAdded(wabaId)));
    expect((await gateway.send(letter)).status).toBe(202);
    expect((await gateway.send(letter)).status).toBe(200);
    expect(await looks(wabaId)).toHaveLength(1);
  });

  test('every change of a batch counts, and another time is another word', async () => {
    const [one, two] = [newWaba(), newWaba()];
    await gateway.send(meta(batch(partnerAdded(one), partnerAdded(two), partnerAdded(one, 1739321025))));
    expect(await looks(one)).toHaveLength(2);
    expect(await looks(two)).toHaveLength(1);
  });

  test('another account update is of the account that it comes from', async () => {
    const wabaId = newWaba();
    const update = {
      id: wabaId,
      time: 1,
      changes: [{ field: 'account_update', value: { event: 'VERIFIED_ACCOUNT' } }],
    };
    expect((await gateway.send(meta(batch(update)))).status).toBe(202);
    expect(await looks(wabaId)).toHaveLength(1);
  });

  test.each([
    ['another field', { field: 'messages', value: { messages: [] } }],
    ['a partner without an account', { field: 'account_update', value: { event: 'PARTNER_ADDED' } }],
    ['an account update of another shape', { field: 'account_update', value: 'yes' }],
  ])('%s is acknowledged and ignored', async (_, change) => {
    const answer = await gateway.send(meta(batch({ id: newWaba(), time: 1, changes: [change] })));
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('nothing in it') });
  });

  test('letters outside ASCII do not hurt the signature, which is of the bytes', async () => {
    const entry = { ...partnerAdded(newWaba()), name: 'Größe 📱' };
    expect((await gateway.send(meta(batch(entry)))).status).toBe(202);
  });
});
