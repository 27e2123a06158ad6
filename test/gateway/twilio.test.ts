import { randomBytes, randomInt } from 'node:crypto';
import { dataConverter } from '../../temporal/data-converter';
import { readCode } from '../../contract/code';
import { workflowIdOf } from '../../contract/workflow-ids';
import { ownNamespace, type TestServer } from '../support/servers';
import { everySecret, heldFor, startNumber, TestGateway } from './gateway';
import { publicUrl, sms, twilio, twilioGet } from './sender';

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
const payloads = async (digits: string) => (await held(digits)).map(({ payload }) => payload);
const text = 'Your WhatsApp code 735-912';
const sid = (kind: string) => kind + randomBytes(16).toString('hex');

async function newNumber(): Promise<string> {
  const digits = `1555${String(randomInt(10_000_000)).padStart(7, '0')}`;
  await startNumber(temporal.env.client, digits);
  return digits;
}

const from = '+15005550006';
const call = (digits: string, fields: Record<string, string>) =>
  gateway.send(twilio('/otp/call', { To: `+${digits}`, From: from, CallSid: 'CA1', ...fields }));

describe('Twilio may ask as it is set up to', () => {
  test('by GET, with everything in the address', async () => {
    const digits = await newNumber();
    const letter = twilioGet('/otp/sms', { To: `+${digits}`, From: from, Body: text, MessageSid: 'SM1' });
    expect((await gateway.send(letter)).status).toBe(202);
    expect((await gateway.send({ ...letter, url: letter.url.replace('912', '913') })).status).toBe(401);
    expect(await payloads(digits)).toEqual([{ text, by: 'gateway: SMS from Twilio SM1' }]);
  });

  test('with a slash at the end of the address', async () => {
    const digits = await newNumber();
    const slashed = twilio('/otp/sms/', { To: `+${digits}`, Body: text, MessageSid: 'SM1' });
    expect((await gateway.send(slashed)).status).toBe(202);
  });

  test.each(['/otp/voice', '/otp/call'])('%s with a transcript of any length', async (url) => {
    const digits = await newNumber();
    const said = 'Verification code is 7 3 5 9 1 2. '.repeat(300);
    const letter = twilio(url, { To: `+${digits}`, TranscriptionText: said, TranscriptionSid: 'TR1' });
    expect((await gateway.send(letter)).status).toBe(202);
    const [payload] = await payloads(digits);
    expect(payload.text.length).toBeLessThanOrEqual(2000);
    expect(readCode(payload.text)).toBe('735912');
  });

  test('a code that comes late in a long transcript is found, and two of them are not guessed between', async () => {
    const digits = await newNumber();
    const send = (said: string, id: string) =>
      gateway.send(twilio('/otp/voice', { To: `+${digits}`, TranscriptionText: said, TranscriptionSid: id }));
    const talk = 'Please hold the line while we look for you. '.repeat(100);
    await send(`${talk} Verification code is 7 3 5 9 1 2.`, 'TR1');
    await send(`Code is 7 3 5 9 1 2. ${talk} Code is 7 3 5 9 1 8.`, 'TR2');
    const texts = (await payloads(digits)).map((payload) => readCode(payload.text));
    expect(texts).toEqual(['735912', null]);
  });
});

test("what steers a terminal is taken out of a stranger's text and name, and its lines stay", async () => {
  const digits = await newNumber();
  const form = {
    To: `+${digits}`,
    From: 'Me\x1b[2J\x07\n',
    Body: 'Hi\x1b]0;owned\x07\nthere',
    MessageSid: 'SM1',
  };
  expect((await gateway.send(twilio('/otp/sms', form))).status).toBe(202);
  expect(await payloads(digits)).toEqual([
    { text: 'Hi ]0;owned \nthere', from: 'Me [2J', method: 'SMS', by: 'gateway: SMS from Twilio SM1' },
  ]);
});

describe("Twilio's fallback request, after an address that failed, is read as any other", () => {
  const failed = { ErrorCode: '11200', ErrorUrl: 'https://numbers.example.com/broken' };

  test('an SMS hands on its code', async () => {
    const digits = await newNumber();
    const form = { To: `+${digits}`, From: from, Body: text, MessageSid: 'SM1', SmsStatus: 'received' };
    expect((await gateway.send(twilio('/otp/sms', { ...form, ...failed }))).status).toBe(202);
    // The first request may have come, and its answer been lost.
    expect((await gateway.send(twilio('/otp/sms', form))).status).toBe(200);
    expect(await payloads(digits)).toEqual([{ text, by: 'gateway: SMS from Twilio SM1' }]);
  });

  test('a call is answered', async () => {
    const digits = await newNumber();
    const { status, body } = await call(digits, { CallStatus: 'ringing', ...failed });
    expect([status, body]).toEqual([200, expect.stringContaining('<Gather')]);
    expect(await held(digits)).toEqual([]);
  });
});

describe('several auth tokens', () => {
  const [main, sub] = [`AC${'a'.repeat(32)}`, `AC${'b'.repeat(32)}`];
  let several: TestGateway;

  beforeAll(async () => {
    several = await TestGateway.open(temporal.env.client, {
      ...everySecret,
      TWILIO_AUTH_TOKEN: `${main}:token-of-main, ${sub}:token-of-sub, token-of-anybody`,
    });
  });

  afterAll(() => several.close());

  test.each([
    ['of its account', main, 'token-of-main', 202],
    ['of a subaccount', sub, 'token-of-sub', 202],
    ['of another account', sub, 'token-of-main', 401],
    ['that names no account', sub, 'token-of-anybody', 202],
    ['that is none of them', main, 'another', 401],
  ])('one %s', async (_, AccountSid, token, status) => {
    const digits = await newNumber();
    const form = { To: `+${digits}`, Body: text, MessageSid: sid('SM'), AccountSid };
    expect((await several.send(twilio('/otp/sms', form, token))).status).toBe(status);
  });
});

describe('/otp/call answers the call that brings a code', () => {
  test('by hearing it out at once, and recording what was not understood', async () => {
    const digits = await newNumber();
    const { status, headers, body } = await call(digits, { CallStatus: 'ringing' });
    expect([status, headers['content-type']]).toEqual([200, 'text/xml']);
    expect(body).toMatch(
      /<Gather input="speech"[^>]*><\/Gather><Record|<Gather input="speech"[^>]*\/><Record/,
    );
    expect(body).toContain(`action="${publicUrl}/otp/call"`);
    expect(body).toMatch(/<Record[^>]* transcribe="true" transcribeCallback="[^"]*\/otp\/call"/);
    expect(await held(digits)).toEqual([]);
  });

  test('in another language where the address asks for it', async () => {
    const { body } = await gateway.send(
      twilio('/otp/call?language=de-DE', { To: '+15550000000', CallSid: 'CA1', CallStatus: 'ringing' }),
    );
    expect(body).toContain('language="de-DE"');
    expect(body).toContain(`action="${publicUrl}/otp/call?language=de-DE"`);
  });

  test('hands on the code that it heard, and hangs up', async () => {
    const digits = await newNumber();
    const { status, body } = await call(digits, { SpeechResult: 'Verification code is 7 3 5 9 1 2' });
    expect([status, body]).toEqual([202, expect.stringContaining('<Hangup/>')]);
    expect(await payloads(digits)).toEqual([
      { text: 'Verification code is 7 3 5 9 1 2', by: 'gateway: call from Twilio CA1' },
    ]);
  });

  test('listens on where it heard no code, and takes the transcript', async () => {
    const digits = await newNumber();
    const { body } = await call(digits, { SpeechResult: 'verification code is seven' });
    expect(body).toMatch(/<Response><Record/);
    expect((await call(digits, { RecordingSid: 'RE1', RecordingUrl: 'https://…' })).body).toContain(
      '<Hangup/>',
    );
    expect(await held(digits)).toEqual([]);
    const transcript = { TranscriptionStatus: 'completed', TranscriptionText: text, TranscriptionSid: 'TR1' };
    expect((await call(digits, transcript)).status).toBe(202);
    expect((await call(digits, transcript)).status).toBe(200);
    expect(await payloads(digits)).toEqual([{ text, by: 'gateway: call from Twilio TR1' }]);
  });

  test.each([
    ['a transcription', { TranscriptionStatus: 'failed', TranscriptionSid: 'TR1' }, /could not transcribe/],
    ['a recording', { RecordingStatus: 'failed', RecordingSid: 'RE1' }, /no recording/],
    ['a call', { CallStatus: 'no-answer' }, /no-answer/],
  ])('%s that failed is told to the number, once', async (_, fields, words) => {
    const digits = await newNumber();
    expect((await call(digits, fields)).status).toBe(202);
    expect((await call(digits, fields)).status).toBe(200);
    expect(await payloads(digits)).toEqual([
      { text: '', from, method: 'VOICE', undelivered: expect.stringMatching(words), by: expect.anything() },
    ]);
  });

  test('the end of a call is acknowledged', async () => {
    const digits = await newNumber();
    const { status, body } = await call(digits, { CallStatus: 'completed', CallDuration: '21' });
    expect([status, body]).toEqual([200, expect.stringMatching(/<Response\/>$/)]);
    expect(await held(digits)).toEqual([]);
  });
});

describe('a code that Twilio withheld is told to the number', () => {
  const redacted = { text: '', method: 'SMS', undelivered: expect.stringContaining('30038') };

  test('by the status of the message', async () => {
    const digits = await newNumber();
    const form = { To: `+${digits}`, From: from, MessageSid: 'SM1', SmsStatus: 'failed', ErrorCode: '30038' };
    expect((await gateway.send(twilio('/otp/sms', form))).status).toBe(202);
    expect(await payloads(digits)).toEqual([expect.objectContaining({ ...redacted, from })]);
  });

  test("by the debugger's webhook", async () => {
    const digits = await newNumber();
    const Payload = JSON.stringify({
      resource_sid: 'SM1',
      error_code: '30038',
      webhook: { type: 'application/json', request: { parameters: { To: `+${digits}`, From: from } } },
    });
    const form = { Sid: 'NO1', Level: 'ERROR', PayloadType: 'application/json', Payload };
    expect((await gateway.send(twilio('/otp/sms', form))).status).toBe(202);
    expect(await payloads(digits)).toEqual([expect.objectContaining({ ...redacted, from })]);
  });

  test('where it does not say which number it is about, it is acknowledged', async () => {
    const Payload = JSON.stringify({ resource_sid: 'SM1', error_code: '11200' });
    expect((await gateway.send(twilio('/otp/sms', { Level: 'ERROR', Payload }))).status).toBe(200);
  });
});

test('an honest SMS says its sender only where it holds no code', async () => {
  const digits = await newNumber();
  await gateway.send(sms(digits, text, 'SM1'));
  await gateway.send(sms(digits, 'See you at eight', 'SM2'));
  expect(await payloads(digits)).toEqual([
    { text, by: 'gateway: SMS from Twilio SM1' },
    { text: 'See you at eight', from, method: 'SMS', by: 'gateway: SMS from Twilio SM2' },
  ]);
});
