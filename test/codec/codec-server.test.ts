import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startCodecServer, type CodecServer } from '../../temporal/codec-server';
import { readSettings } from '../../settings';

const ui = 'http://localhost:8233';
const PAYLOAD_KEYS = `k1:${randomBytes(32).toString('base64')}`;
const token = 'a-token-of-some-length';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const clear = { metadata: { encoding: base64('json/plain') }, data: base64('{"code":"123-456"}') };

const open: CodecServer[] = [];
async function serve(env: Record<string, string> = {}): Promise<string> {
  const settings = readSettings(['payloads', 'codec'], { PAYLOAD_KEYS, CODEC_PORT: '0', ...env });
  const server = await startCodecServer(settings);
  open.push(server);
  return server.url;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = (await response.json()) as { payloads?: (typeof clear)[]; message?: string };
  return { status: response.status, headers: response.headers, ...answer };
}

test('the UI encodes what it sends and decodes what it shows', async () => {
  const url = await serve();
  const encoded = await post(`${url}/encode`, { payloads: [clear, clear] }, { origin: ui });
  expect(encoded.status).toBe(200);
  expect(encoded.headers.get('access-control-allow-origin')).toBe(ui);
  expect(encoded.payloads).toHaveLength(2);
  expect(encoded.payloads?.[0]?.metadata).toEqual({
    encoding: base64('binary/encrypted'),
    'encryption-key-id': base64('k1'),
  });
  const decoded = await post(`${url}/decode`, { payloads: encoded.payloads });
  expect(decoded.payloads).toEqual([clear, clear]);
});

test('only the last part of the path counts, so that a proxy may mount it anywhere', async () => {
  const url = await serve();
  expect((await post(`${url}/codec/default/decode`, { payloads: [clear] })).payloads).toEqual([clear]);
  expect((await post(`${url}/decode/it`, { payloads: [clear] })).status).toBe(404);
});

test('a query without an argument, for which the Temporal CLI sends no payloads, gets none', async () => {
  const answer = await post(`${await serve()}/encode`, {});
  expect(answer).toMatchObject({ status: 200, payloads: [] });
});

test('plain JSON that an operator typed is shown as it is', async () => {
  const url = await serve();
  expect((await post(`${url}/decode`, { payloads: [clear] })).payloads).toEqual([clear]);
});

describe('a browser', () => {
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/decode`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-namespace,authorization',
      },
    });

  test("asks first and may send the UI's own headers and credentials", async () => {
    const { status, headers } = await preflight(await serve({ CODEC_TOKEN: token }), ui);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(ui);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-allow-methods')).toBe('POST');
    expect(headers.get('access-control-allow-headers')).toMatch(/content-type.*x-namespace.*authorization/);
  });

  test('of a page elsewhere is refused, before and without asking', async () => {
    const url = await serve();
    const answer = await preflight(url, 'http://evil.example');
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const sent = await post(`${url}/decode`, { payloads: [clear] }, { origin: 'http://evil.example' });
    expect(sent).toMatchObject({ status: 403, message: 'http://evil.example is not among CODEC_ORIGINS' });
  });

  test('of another UI is let in when its origin is set', async () => {
    const url = await serve({ CODEC_ORIGINS: 'https://temporal.example,http://localhost:8233' });
    const sent = await post(`${url}/decode`, { payloads: [clear] }, { origin: 'https://temporal.example' });
    expect(sent.headers.get('access-control-allow-origin')).toBe('https://temporal.example');
  });
});

describe('a bearer token', () => {
  test('once set is asked for', async () => {
    const url = await serve({ CODEC_TOKEN: token });
    const body = { payloads: [clear] };
    expect((await post(`${url}/decode`, body)).status).toBe(401);
    expect((await post(`${url}/decode`, body, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post(`${url}/decode`, body, { authorization: token })).status).toBe(401);
    expect((await post(`${url}/decode`, body, { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test.each(['0.0.0.0', '::', '10.0.0.1', 'codec.example'])(
    'is required where others can reach it: %s',
    async (host) => {
      await expect(serve({ CODEC_HOST: host })).rejects.toThrow(
        /^CODEC_TOKEN is missing, .* CODEC_HOST .*: set it to/,
      );
    },
  );

  test('lets it be bound to every address', async () => {
    const url = await serve({ CODEC_HOST: '0.0.0.0', CODEC_TOKEN: token });
    const { port } = new URL(url);
    expect((await post(`http://127.0.0.1:${port}/decode`, { payloads: [] })).status).toBe(401);
  });
});

describe('a bad request is refused with a sentence', () => {
  test.each([
    ['no JSON', '{', 400, /JSON/],
    ['no object', 7, 400, /the body must be/],
    ['payloads that are no list', { payloads: {} }, 400, /payloads must be a list/],
    ['a payload that is no object', { payloads: [7] }, 400, /a payload must be an object/],
    ['data that is not base64', { payloads: [{ ...clear, data: '{}' }] }, 400, /base64/],
    [
      'an unknown key',
      { payloads: [sealedWith('k9')] },
      400,
      /the key "k9", which is not among PAYLOAD_KEYS/,
    ],
    [
      'an altered payload',
      { payloads: [sealedWith('k1')] },
      400,
      /the key "k1" cannot be read: it was altered/,
    ],
    ['nine megabytes', { payloads: [{ data: 'A'.repeat(9 * 1024 * 1024) }] }, 413, /too large/],
  ])('%s', async (_, body, status, words) => {
    const answer = await post(`${await serve()}/decode`, body);
    expect(answer.status).toBe(status);
    expect(answer.message).toMatch(words);
  });

  function sealedWith(id: string) {
    return {
      metadata: { encoding: base64('binary/encrypted'), 'encryption-key-id': base64(id) },
      data: base64('nothing that was ever encrypted'),
    };
  }
});

test('it does not start without keys', async () => {
  await expect(serve({ PAYLOAD_KEYS: '' })).rejects.toThrow(/^PAYLOAD_KEYS is empty.*: set it to/);
});

test('a port in use is said so', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    await expect(serve({ CODEC_PORT: String(port) })).rejects.toThrow(
      `CODEC_PORT ${String(port)}: the port is in use`,
    );
  } finally {
    other.close();
  }
});
