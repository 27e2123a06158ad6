import { number, startTalk, type Talk } from './talk';

let talk: Talk;
let id: string;
beforeEach(async () => {
  talk = await startTalk();
  id = await talk.add();
});
afterEach(() => talk.simulator.close());

const ask = (parameters = {}) =>
  talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US', ...parameters });
const handIn = (code: string) => talk.graph('POST', `${id}/verify_code`, { code });
const status = async () =>
  (await talk.graph('GET', id, { fields: 'code_verification_status' })).body.code_verification_status;
const wrongCode = { status: 400, body: { error: { code: 136025, error_subcode: 2388093 } } };
const code100 = { status: 400, body: { error: { code: 100 } } };
const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

test('an SMS brings the code as three and three digits', async () => {
  await ask();
  expect(await talk.sim('GET', `messages?to=${number}`)).toEqual([
    {
      id: 1,
      to: number,
      method: 'SMS',
      language: 'en_US',
      at: '2026-01-01T00:00:00.500Z',
      text: expect.stringMatching(/^WhatsApp code \d{3}-\d{3}$/),
    },
  ]);
});

test('a voice message says the code three times', async () => {
  await ask({ code_method: 'VOICE', language: 'de_DE' });
  const [{ text, method, language }] = await talk.sim('GET', `messages?to=${number}`);
  expect({ method, language }).toEqual({ method: 'VOICE', language: 'de_DE' });
  expect(text).toMatch(
    /^Verification code is (\d{6})\. Verification code is \1\. Verification code is \1\.$/,
  );
  expect((await handIn(await talk.lastCode())).body).toEqual({ success: true });
});

test('a wrong code is refused with 136025/2388093 and the right one still works', async () => {
  await ask();
  const code = await talk.lastCode();
  expect(await handIn(otherThan(code))).toMatchObject(wrongCode);
  expect(await status()).toBe('NOT_VERIFIED');
  expect((await handIn(code)).body).toEqual({ success: true });
  expect(await status()).toBe('VERIFIED');
});

test('a code works once', async () => {
  await ask();
  const code = await talk.lastCode();
  await handIn(code);
  expect(await handIn(code)).toMatchObject(wrongCode);
});

test('a code lives ten minutes: one millisecond before it works, then it does not', async () => {
  await ask();
  await talk.advance(10 * 60_000 - 1);
  expect((await handIn(await talk.lastCode())).body).toEqual({ success: true });
  await talk.advance('80 days');
  await ask();
  await talk.advance('10 minutes');
  expect(await handIn(await talk.lastCode())).toMatchObject(wrongCode);
});

test('a newer code voids the older', async () => {
  await ask();
  const older = await talk.lastCode();
  await ask();
  expect(await handIn(older)).toMatchObject(wrongCode);
  expect((await handIn(await talk.lastCode())).body).toEqual({ success: true });
});

test('no code works that nobody asked for', async () => {
  expect(await handIn('123456')).toMatchObject(wrongCode);
});

test('a code is of one number only', async () => {
  const other = await talk.add('4915112345678');
  await ask();
  await talk.graph('POST', `${other}/request_code`, { code_method: 'SMS', language: 'en_US' });
  expect(await handIn(await talk.lastCode('4915112345678'))).toMatchObject(wrongCode);
});

test.each([
  ['no code_method', { code_method: '' }],
  ['an unknown code_method', { code_method: 'PIGEON' }],
  ['no language', { language: '' }],
])('%s is code 100, and no code is sent', async (_, parameters) => {
  expect(await ask(parameters)).toMatchObject(code100);
  expect(await talk.sim('GET', `messages?to=${number}`)).toEqual([]);
});

test.each(['123-456', '12345', '1234567', 'abcdef', ''])('%p is not six digits: code 100', async (code) => {
  expect(await handIn(code)).toMatchObject(code100);
});

describe('a landline', () => {
  test('that refuses SMS is told of with 136024/2388091, and can be called', async () => {
    await talk.sim('POST', 'phones', { number, SMS: 'refused' });
    expect(await ask()).toMatchObject({ body: { error: { code: 136024, error_subcode: 2388091 } } });
    expect((await ask({ code_method: 'VOICE' })).body).toEqual({ success: true });
    expect(await talk.sim('GET', `messages?to=${number}`)).toMatchObject([{ method: 'VOICE' }]);
  });

  test('may lose SMS without a word', async () => {
    await talk.sim('POST', 'phones', { number, SMS: 'lost' });
    expect((await ask()).body).toEqual({ success: true });
    expect(await talk.sim('GET', `messages?to=${number}`)).toEqual([]);
  });
});
