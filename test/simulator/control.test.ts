import { number, portfolio, startTalk, waba, type Talk } from './talk';

let talk: Talk;
beforeEach(async () => {
  talk = await startTalk();
});
afterEach(() => talk.simulator.close());

describe('the clock', () => {
  test.each([
    [{ advance: '90 days' }, '2026-04-01T00:00:00.500Z'],
    [{ advance: 1500 }, '2026-01-01T00:00:02.000Z'],
    [{ advancePolicyDays: 45 }, '2026-02-15T00:00:00.500Z'],
    [{ now: '2030-01-01T00:00:00Z' }, '2030-01-01T00:00:00.000Z'],
    [{ now: 0 }, '1970-01-01T00:00:00.000Z'],
  ])('is moved by %p', async (move, now) => {
    expect(await talk.sim('POST', 'clock', move)).toEqual({ now });
    expect(await talk.sim('GET', 'clock')).toEqual({ now });
  });

  test.each([{}, { advance: 'a while' }, { now: 'soon' }, { advance: 1, now: 1 }])(
    'refuses %p',
    async (move) => {
      expect(await talk.sim('POST', 'clock', move)).toEqual({ error: expect.any(String) });
      expect(await talk.sim('GET', 'clock')).toEqual({ now: '2026-01-01T00:00:00.500Z' });
    },
  );

  test('runs by itself where nothing else is said', async () => {
    const running = await startTalk({ now: Date.now });
    const before = Date.now();
    const { now } = await running.sim('GET', 'clock');
    await running.simulator.close();
    expect(Date.parse(now)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(now)).toBeLessThanOrEqual(Date.now());
  });
});

describe('calls', () => {
  test('can be waited for until one has succeeded, and not for longer than that', async () => {
    const path = `calls?number=${number}&call=request_code`;
    const awaited = talk.sim<{ status: number }[]>('GET', `${path}&wait=30s`);
    await talk.sim('POST', 'faults', { call: 'request_code', error: { code: 136024 } });
    const id = await talk.add();
    const ask = () => talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US' });
    await ask();
    expect(await talk.sim('GET', `${path}&wait=20`)).toMatchObject([{ errorCode: 136024 }]);
    await ask();
    expect((await awaited).map(({ status }) => status)).toEqual([expect.any(Number), 200]);
    expect(await talk.sim('GET', `${path}&wait=30s`)).toHaveLength(2);
  });
});

describe('messages', () => {
  test('can be waited for', async () => {
    const id = await talk.add();
    const arrival = talk.sim('GET', `messages?to=${number}&wait=30s`);
    await talk.graph('POST', `${id}/request_code`, { code_method: 'SMS', language: 'en_US' });
    expect(await arrival).toMatchObject([{ id: 1, to: number }]);
    const next = talk.sim('GET', `messages?to=${number}&after=1&wait=30000`);
    await talk.sim('POST', 'messages', { to: '4915112345678', text: 'not for us' });
    await talk.sim('POST', 'messages', { to: number, text: 'Your pizza is on its way' });
    expect(await next).toMatchObject([{ id: 3, text: 'Your pizza is on its way' }]);
  });

  test('to all numbers come once each, in the order in which they were sent', async () => {
    const [first, second] = [number, '4915112345678'];
    await talk.sim('POST', 'messages', { to: first, text: 'one' });
    await talk.sim('POST', 'messages', { to: second, text: 'two' });
    expect(await talk.sim('GET', 'messages')).toMatchObject([{ id: 1 }, { id: 2 }]);
    const next = talk.sim('GET', 'messages?after=2&wait=30s');
    await talk.sim('POST', 'messages', { to: first, text: 'three' });
    expect(await next).toMatchObject([{ id: 3, to: first, text: 'three' }]);
  });

  test('a wait without one ends empty, and with the simulator', async () => {
    expect(await talk.sim('GET', `messages?to=${number}&wait=20`)).toEqual([]);
    const closing = await startTalk();
    const waiting = closing.sim('GET', `messages?to=${number}&wait=5m`);
    await closing.sim('GET', 'clock');
    await closing.simulator.close();
    await waiting.catch(() => undefined);
  });
});

describe('the call log', () => {
  test('has every call in order, without secrets', async () => {
    const id = await talk.add();
    await talk.verify(id);
    const { phoneNumberId } = await talk.sim('POST', 'claim', { preverifiedId: id, wabaId: waba });
    await talk.graph('POST', `${phoneNumberId}/register`, { messaging_product: 'whatsapp', pin: '918273' });
    await talk.graph('GET', `${waba}/phone_numbers`, { display_phone_number: `+${number}` });
    const calls = await talk.sim('GET', 'calls');
    expect(calls.map(({ call, number: about }: any) => [call, about])).toEqual([
      ['add_phone_numbers', number],
      ['request_code', number],
      ['verify_code', number],
      ['register', number],
      ['phone_numbers', number],
    ]);
    expect(calls[3]).toEqual({
      at: '2026-01-01T00:00:00.500Z',
      method: 'POST',
      path: `/${String(phoneNumberId)}/register`,
      tokenKind: 'system',
      call: 'register',
      objectId: phoneNumberId,
      number,
      params: { messaging_product: 'whatsapp', pin: '(secret)' },
      status: 200,
      errorCode: null,
      errorSubcode: null,
      answerLost: false,
      dropped: false,
    });
    const text = JSON.stringify(calls);
    expect(text).not.toContain('918273');
    expect(text).not.toContain(await talk.lastCode());
    expect(text).not.toContain('EAAJB');
  });

  test('can be filtered, and says how a call was refused', async () => {
    await talk.add();
    await talk.add('4915112345678');
    await talk.graph('POST', `${portfolio}/add_phone_numbers`, { phone_number: number });
    expect(await talk.sim('GET', 'calls?call=register')).toEqual([]);
    const ofNumber = await talk.sim('GET', `calls?call=add_phone_numbers&number=%2B${number}`);
    expect(ofNumber).toMatchObject([
      { status: 200, errorCode: null },
      { status: 400, errorCode: 100 },
    ]);
  });
});

test('the table of numbers says where each one is', async () => {
  const numbers = ['15550783881', '15550783882', '15550783883', '15550783884'];
  const [, deleted, claimed, unverified] = await Promise.all(numbers.map((each) => talk.add(each)));
  await talk.graph('DELETE', String(deleted));
  await talk.verify(String(claimed), numbers[2]);
  const { phoneNumberId } = await talk.sim('POST', 'claim', { preverifiedId: claimed, wabaId: waba });
  await talk.advance('90 days');
  const table = await talk.sim('GET', 'numbers');
  expect(table.map(({ phoneNumber, place }: any) => [phoneNumber, place]).sort()).toEqual([
    [numbers[0], 'removed'],
    [numbers[1], 'deleted'],
    [numbers[2], 'waba'],
    [numbers[3], 'removed'],
  ]);
  expect(table.find((row: any) => row.preverifiedId === claimed)).toMatchObject({
    verificationExpiresAt: '2026-04-01T00:00:00.000Z',
    reverifyFrom: '2026-02-15T00:00:00.000Z',
    phone: {
      phoneNumberId,
      wabaId: waba,
      verified: false,
      registerBy: '2026-04-01T00:00:00.500Z',
      registered: false,
    },
  });
  expect(table.find((row: any) => row.preverifiedId === unverified)).toMatchObject({
    removeAt: '2026-04-01T00:00:00.500Z',
    verificationExpiresAt: null,
  });
});

test.each([
  ['claim', { wabaId: waba }],
  ['claim', { preverifiedId: '1', wabaId: 'mine' }],
  ['claim', { preverifiedId: '1', wabaId: waba }],
  ['faults', { call: 'register', often: true }],
  ['assumptions', { gravity: 'off' }],
  ['assumptions', { pages: 'torn' }],
  ['phones', { number, SMS: 'maybe' }],
])('_sim/%s refuses %p with a sentence', async (path, body) => {
  expect(await talk.sim('POST', path, body)).toEqual({ error: expect.stringMatching(/\w/) });
});

test('the same seed gives the same IDs and codes, another does not', async () => {
  const seen = [];
  for (const seed of [1, 1, 2]) {
    const seeded = await startTalk({ seed });
    const id = await seeded.add();
    await seeded.verify(id);
    seen.push(`${id} ${await seeded.lastCode()}`);
    await seeded.simulator.close();
  }
  expect(seen[0]).toBe(seen[1]);
  expect(seen[0]).not.toBe(seen[2]);
});

test('a port that is taken is refused', async () => {
  const port = Number(new URL(talk.simulator.url).port);
  await expect(startTalk({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
