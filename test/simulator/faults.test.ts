import { number, portfolio, startTalk, type Talk } from './talk';

let talk: Talk;
beforeEach(async () => {
  talk = await startTalk();
});
afterEach(() => talk.simulator.close());

const fault = (body: unknown) => talk.sim('POST', 'faults', body);
const list = () => talk.graph('GET', `${portfolio}/preverified_numbers`);
const add = (phoneNumber = number) =>
  talk.graph('POST', `${portfolio}/add_phone_numbers`, { phone_number: phoneNumber });

test('an error takes the place of one answer, without effect', async () => {
  await fault({ call: 'add_phone_numbers', error: { code: 2 } });
  expect(await add()).toMatchObject({
    status: 503,
    body: { error: { code: 2, is_transient: true, message: 'Service temporarily unavailable' } },
  });
  expect((await list()).body.data).toEqual([]);
  expect((await add()).status).toBe(200);
});

test('an error may say everything itself, headers too', async () => {
  const regain = '{"1":[{"estimated_time_to_regain_access":7}]}';
  await fault({
    call: 'preverified_numbers',
    error: {
      code: 80008,
      error_subcode: 12,
      status: 429,
      message: 'Slow down',
      error_data: { details: 'later' },
      headers: { 'X-Business-Use-Case-Usage': regain },
    },
  });
  const { status, headers, body } = await list();
  expect({ status, body }).toMatchObject({
    status: 429,
    body: {
      error: { code: 80008, error_subcode: 12, message: 'Slow down', error_data: { details: 'later' } },
    },
  });
  expect(headers.get('x-business-use-case-usage')).toBe(regain);
});

test('headers can come with an answer that is none of an error', async () => {
  await fault({ headers: { 'X-Business-Use-Case-Usage': '{}' } });
  const { status, headers } = await list();
  expect([status, headers.get('x-business-use-case-usage')]).toEqual([200, '{}']);
});

test('a server may fail without a body', async () => {
  await fault({ error: { status: 502, emptyBody: true } });
  expect(await list()).toMatchObject({ status: 502, body: null });
});

test('an answer is lost after the call took effect', async () => {
  await fault({ call: 'add_phone_numbers', answerLost: true });
  await expect(add()).rejects.toThrow();
  expect((await list()).body.data).toHaveLength(1);
  expect(await talk.sim('GET', 'calls?call=add_phone_numbers')).toMatchObject([
    { status: 200, answerLost: true, dropped: false },
  ]);
});

test('a call is dropped before it takes effect', async () => {
  await fault({ call: 'add_phone_numbers', dropped: true });
  await expect(add()).rejects.toThrow();
  expect((await list()).body.data).toEqual([]);
  expect(await talk.sim('GET', 'calls?call=add_phone_numbers')).toMatchObject([
    { status: null, answerLost: false, dropped: true },
  ]);
});

test('a fault meets as many calls as it is told, of that call and that number only', async () => {
  await fault([
    { call: 'add_phone_numbers', number: `+${number}`, times: 2, error: { code: 1 } },
    { call: 'register', error: { code: 2 } },
  ]);
  expect((await add('4915112345678')).status).toBe(200);
  expect([(await add()).status, (await add()).status, (await add()).status]).toEqual([500, 500, 200]);
  expect(await talk.sim('GET', 'faults')).toMatchObject([
    { met: 2, left: 0 },
    { met: 0, left: 1 },
  ]);
});

test('a fault without end ends when faults are deleted', async () => {
  await fault({ times: null, error: { code: 4 } });
  for (let call = 0; call < 5; call += 1) expect((await list()).body.error.code).toBe(4);
  await talk.sim('DELETE', 'faults');
  expect((await list()).status).toBe(200);
});

test('chance is seeded: the same calls meet it every time', async () => {
  const statuses = async () => {
    const seeded = await startTalk({ seed: 3 });
    await seeded.sim('POST', 'faults', { probability: 0.5, error: { code: 1 } });
    const seen = [];
    for (let call = 0; call < 20; call += 1) {
      seen.push((await seeded.graph('GET', `${portfolio}/preverified_numbers`)).status);
    }
    await seeded.simulator.close();
    return seen;
  };
  const first = await statuses();
  expect(new Set(first)).toEqual(new Set([200, 500]));
  expect(await statuses()).toEqual(first);
});

test('a delay is real time', async () => {
  await fault({ delay: '50ms' });
  const began = performance.now();
  await list();
  expect(performance.now() - began).toBeGreaterThan(45);
});

describe('a barrier', () => {
  test('holds the call before it takes effect until it is released', async () => {
    await fault({ call: 'add_phone_numbers', barrier: 'gate' });
    const adding = add();
    expect(await talk.sim('GET', 'barriers/gate')).toEqual({ waiting: 1 });
    expect((await list()).body.data).toEqual([]);
    expect(await talk.sim('POST', 'barriers/gate/release')).toEqual({ released: 1 });
    expect((await adding).status).toBe(200);
  });

  test('or holds its answer back', async () => {
    await fault({ call: 'add_phone_numbers', barrier: 'gate', hold: 'answer' });
    const adding = add();
    await talk.sim('GET', 'barriers/gate');
    expect((await list()).body.data).toHaveLength(1);
    await talk.sim('POST', 'barriers/gate/release');
    expect((await adding).status).toBe(200);
  });

  test('can be waited at before a call comes', async () => {
    await fault({ call: 'add_phone_numbers', barrier: 'gate' });
    const arrival = talk.sim('GET', 'barriers/gate');
    const adding = add();
    expect(await arrival).toEqual({ waiting: 1 });
    await talk.sim('DELETE', 'faults');
    expect((await adding).status).toBe(200);
  });

  test('lets pass once it is released, and holds again when it is set again', async () => {
    await fault({ call: 'preverified_numbers', barrier: 'gate', times: 2 });
    await talk.sim('POST', 'barriers/gate/release');
    expect((await list()).status).toBe(200);
    await fault({ call: 'add_phone_numbers', barrier: 'gate' });
    const adding = add();
    expect(await talk.sim('GET', 'barriers/gate')).toEqual({ waiting: 1 });
    await talk.sim('POST', 'barriers/gate/release');
    expect((await adding).status).toBe(200);
  });
});

test.each([
  [10, 403, undefined],
  [190, 401, undefined],
  [80007, 400, undefined],
  [130429, 429, undefined],
  [131016, 503, true],
  [133016, 400, undefined],
  [136024, 400, undefined],
  [987654, 400, undefined],
])('code %i alone takes the rest from the table', async (code, status, is_transient) => {
  await fault({ error: { code } });
  const answer = await list();
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatchObject({
    code,
    type: 'OAuthException',
    message: expect.stringMatching(/\w/),
  });
  expect(answer.body.error.is_transient).toBe(is_transient);
});
