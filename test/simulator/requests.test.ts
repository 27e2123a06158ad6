import { number, portfolio, startTalk, waba, type Talk } from './talk';

let talk: Talk;
beforeEach(async () => {
  talk = await startTalk({ invalidTokens: ['stolen'] });
});
afterEach(() => talk.simulator.close());

const authorization = 'Bearer EAAJB';
const post = async (path: string, init: RequestInit) => {
  const response = await fetch(`${talk.simulator.url}${path}`, { method: 'POST', ...init });
  return { status: response.status, body: await response.json() };
};
const addPath = `/v21.0/${portfolio}/add_phone_numbers`;

describe('parameters may travel as', () => {
  const form = new FormData();
  form.set('phone_number', number);
  test.each<[string, string, RequestInit]>([
    ['query string', `?phone_number=${number}`, {}],
    ['form', '', { body: new URLSearchParams({ phone_number: number }) }],
    ['multipart form', '', { body: form }],
    [
      'JSON',
      '',
      {
        body: JSON.stringify({ phone_number: number }),
        headers: { 'content-type': 'application/json', authorization },
      },
    ],
    ['JSON with a number', '', { body: `{"phone_number": ${number}}` }],
    ['JSON sent as text/plain', '', { body: `\n{"phone_number": "${number}"}` }],
  ])('%s', async (_, query, init) => {
    expect(await post(addPath + query, { headers: { authorization }, ...init })).toMatchObject({
      status: 200,
      body: { id: expect.stringMatching(/^\d+$/) },
    });
  });
});

test.each(['{"phone_number":', '{]}'])('a body that is not JSON is code 100: %s', async (body) => {
  expect(await post(addPath, { headers: { authorization }, body })).toMatchObject({
    status: 400,
    body: { error: { code: 100 } },
  });
});

test.each(['/v17.0', '/v24.0', '/v99', ''])('version %p will do', async (version) => {
  const path = `${version}/${portfolio}/add_phone_numbers?phone_number=${number}`;
  expect((await post(path, { headers: { authorization } })).status).toBe(200);
});

describe('the access token', () => {
  const list = async (query: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${talk.simulator.url}/v24.0/${portfolio}/preverified_numbers${query}`, {
      headers,
    });
    return { status: response.status, body: await response.json() };
  };
  const code190 = { status: 401, body: { error: { code: 190, type: 'OAuthException' } } };

  test('goes in the header or as a parameter', async () => {
    expect((await list('', { authorization })).status).toBe(200);
    expect((await list('', { authorization: 'OAuth EAAJB' })).status).toBe(200);
    expect((await list('?access_token=EAAJB')).status).toBe(200);
  });

  test('missing, empty or invalid is code 190', async () => {
    expect(await list('')).toMatchObject(code190);
    expect(await list('?access_token=')).toMatchObject(code190);
    expect(await list('', { authorization: 'Bearer ' })).toMatchObject(code190);
    expect(await list('', { authorization: 'Bearer stolen' })).toMatchObject(code190);
  });

  test('expires when told to, and comes back', async () => {
    await talk.sim('POST', 'tokens/expire', { token: 'EAAJB' });
    expect(await list('', { authorization })).toMatchObject({
      body: { error: { code: 190, error_subcode: 463 } },
    });
    expect((await list('?access_token=other')).status).toBe(200);
    await talk.sim('POST', 'tokens/expire');
    expect(await list('?access_token=other')).toMatchObject(code190);
    await talk.sim('POST', 'tokens/restore');
    expect((await list('', { authorization })).status).toBe(200);
  });
});

test('a refusal comes in Meta’s envelope', async () => {
  const { body } = await talk.graph('GET', '123456');
  expect(body).toEqual({
    error: {
      message: expect.stringContaining("Object with ID '123456' does not exist"),
      type: 'OAuthException',
      code: 100,
      error_subcode: 33,
      fbtrace_id: expect.stringMatching(/^\w+$/),
    },
  });
});

test.each([
  ['GET', ''],
  ['GET', `${portfolio}/no_such_edge`],
  ['POST', `${portfolio}/preverified_numbers`],
  ['GET', 'a/b/c'],
  ['POST', 'letters/add_phone_numbers'],
  ['GET', '%20'],
])('%s /%s is no call: code 100', async (method, path) => {
  expect(await talk.graph(method, path)).toMatchObject({ status: 400, body: { error: { code: 100 } } });
});

describe('an ID is of one kind', () => {
  test('a call on an object that does not have it is code 100', async () => {
    await talk.add();
    expect(
      await talk.graph('POST', `${portfolio}/request_code`, { code_method: 'SMS', language: 'en_US' }),
    ).toMatchObject({ status: 400, body: { error: { code: 100 } } });
  });

  test('a portfolio is no WABA, unless the switch says so', async () => {
    await talk.add();
    const mixed = () => talk.graph('GET', `${portfolio}/phone_numbers`);
    expect(await mixed()).toMatchObject({ status: 400, body: { error: { code: 100 } } });
    await talk.sim('POST', 'assumptions', { oneKindPerId: false });
    expect((await mixed()).body).toEqual({ data: [] });
  });
});

describe('a signup code', () => {
  const exchange = async (code: string) => {
    const query = new URLSearchParams({ client_id: '1', client_secret: 'hush', code });
    const response = await fetch(`${talk.simulator.url}/v24.0/oauth/access_token?${query.toString()}`);
    return { status: response.status, body: (await response.json()) as any };
  };
  const issue = async () => (await talk.sim('POST', 'signup-codes')).code as string;

  test('is exchanged for a token that works, once', async () => {
    const code = await issue();
    const { body } = await exchange(code);
    const listed = await fetch(`${talk.simulator.url}/v24.0/${waba}/phone_numbers`, {
      headers: { authorization: `Bearer ${String(body.access_token)}` },
    });
    expect(listed.status).toBe(200);
    expect(await exchange(code)).toMatchObject({ body: { error: { code: 100, error_subcode: 36009 } } });
  });

  test('lives 30 seconds', async () => {
    const [early, late] = [await issue(), await issue()];
    await talk.advance(29_999);
    expect((await exchange(early)).status).toBe(200);
    await talk.advance(1);
    expect(await exchange(late)).toMatchObject({ body: { error: { code: 100, error_subcode: 36007 } } });
  });

  test('must be one that was issued', async () => {
    expect(await exchange('guess')).toMatchObject({ status: 400, body: { error: { code: 100 } } });
  });
});
