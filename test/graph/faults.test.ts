import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGraphClient, GraphError, NoAnswerError, UnreadableAnswerError } from '../../activities/graph';
import type { PhoneNumberId, PortfolioId, PreverifiedId } from '../../contract/ids';
import { metaError, ScriptedGraph, success, TOKEN, type Answer } from './scripted-graph';

const id = '106540352242922' as PreverifiedId;
const phone = '108692048990658' as PhoneNumberId;

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
const request = (client: ReturnType<ScriptedGraph['client']>) =>
  failure(client.requestCode(id, { method: 'SMS', language: 'en_US' }));

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('no answer: whether the request left is said, for a code must not be asked for twice', () => {
  test.each<[string, Answer]>([
    ['the connection is reset', 'reset'],
    // node-fetch 2 does not notice that: the time limit does.
    ['the answer breaks off', 'halfAnswer'],
    ['a server on the way says 502', { status: 502, text: '<html>Bad Gateway</html>' }],
    ['a server on the way says 503 with nothing', { status: 503, text: '' }],
    ['a server on the way says 500 with a JSON of its own', { status: 500, json: { message: 'oops' } }],
  ])('%s: unknown', async (_name, answer) => {
    await using graph = await ScriptedGraph.start(answer);
    const error = await request(graph.client({ timeout: 500 }));
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).toMatchObject({ outcome: 'unknown' });
    expect(graph.received).toHaveLength(1);
  });

  test('the time is up: unknown', async () => {
    await using graph = await ScriptedGraph.start('silence');
    expect(await request(graph.client({ timeout: 100 }))).toMatchObject({
      name: 'NoAnswerError',
      outcome: 'unknown',
      reason: 'nothing within 100 ms',
    });
  });

  test('nobody listens: never sent', async () => {
    const baseUrl = `http://127.0.0.1:${String(await closedPort())}`;
    expect(await request(createGraphClient({ baseUrl, version: 'v24.0', accessToken: TOKEN }))).toMatchObject(
      {
        name: 'NoAnswerError',
        outcome: 'notSent',
        reason: 'ECONNREFUSED',
      },
    );
  });

  test('the host is not known: never sent', async () => {
    const client = createGraphClient({
      baseUrl: 'http://graph.invalid',
      version: 'v24.0',
      accessToken: TOKEN,
    });
    expect(await request(client)).toMatchObject({ name: 'NoAnswerError', outcome: 'notSent' });
  });

  test('the host does not prove who it is: never sent', async () => {
    await using graph = await ScriptedGraph.start();
    const client = graph.client({ baseUrl: graph.url.replace('http:', 'https:') });
    expect(await request(client)).toBeInstanceOf(NoAnswerError);
    expect(graph.received).toHaveLength(0);
  });
});

describe("answers that are not Meta's", () => {
  test.each<[string, Answer, object]>([
    ['a page where JSON should be', { text: '<html>Hello</html>' }, { status: 200, outcome: 'unknown' }],
    ['JSON without what was asked for', { json: { ok: 1 } }, { status: 200, outcome: 'unknown' }],
    ['JSON that is no object', { json: 'yes' }, { status: 200, outcome: 'unknown' }],
    ['success that is none', { json: { success: false } }, { status: 200, outcome: 'unknown' }],
    ['a page that says 404', { status: 404, text: 'not found' }, { status: 404, outcome: 'notDone' }],
    [
      'an error of another kind',
      { status: 401, json: { error: 'denied' } },
      { status: 401, outcome: 'notDone' },
    ],
  ])('%s', async (_name, answer, expected) => {
    await using graph = await ScriptedGraph.start(answer);
    const error = await request(graph.client());
    expect(error).toBeInstanceOf(UnreadableAnswerError);
    expect(error).toMatchObject(expected);
  });

  test('an answer without end is not read to its end', async () => {
    await using graph = await ScriptedGraph.start({ json: { success: true, padding: 'x'.repeat(20_000) } });
    expect(await request(graph.client({ maxAnswerSize: 10_000 }))).toMatchObject({
      name: 'UnreadableAnswerError',
      reason: 'it is too long',
    });
  });

  test('a redirect is not followed, so the token stays with the host it is for', async () => {
    await using elsewhere = await ScriptedGraph.start(success);
    await using graph = await ScriptedGraph.start({
      status: 302,
      headers: { location: elsewhere.url },
      text: '',
    });
    expect(await request(graph.client())).toBeInstanceOf(UnreadableAnswerError);
    expect(elsewhere.received).toEqual([]);
  });
});

test.each([{ success: true }, { success: 'true' }, { success: 1 }, true])(
  '%j confirms a call',
  async (json) => {
    await using graph = await ScriptedGraph.start({ json });
    await expect(graph.client().deletePreverifiedNumber(id)).resolves.toBeUndefined();
  },
);

describe('a signal stops a call', () => {
  const reason = new Error('stopped');

  test('in flight', async () => {
    await using graph = await ScriptedGraph.start('silence');
    const stop = new AbortController();
    const arrived = graph.nextRequest();
    const error = failure(graph.client().stoppedBy(stop.signal).getPhoneNumber(phone));
    await arrived;
    stop.abort(reason);
    expect(await error).toBe(reason);
  });

  test('before it begins', async () => {
    await using graph = await ScriptedGraph.start();
    const error = await failure(graph.client().stoppedBy(AbortSignal.abort(reason)).getPhoneNumber(phone));
    expect(error).toBe(reason);
    expect(graph.received).toEqual([]);
  });

  test('between the pages of a list', async () => {
    await using graph = await ScriptedGraph.start({
      json: {
        data: [{ id, phone_number: '1' }],
        paging: { cursors: { after: 'a' }, next: 'https://graph.facebook.com/?after=a' },
      },
    });
    const stop = new AbortController();
    const list = graph
      .client()
      .stoppedBy(stop.signal)
      .listPreverifiedNumbers('1' as PortfolioId);
    await list.next();
    stop.abort(reason);
    expect(await failure(list.next())).toBe(reason);
    expect(graph.received).toHaveLength(1);
  });
});

test('reading calls share kept connections, a writing call has one of its own', async () => {
  await using graph = await ScriptedGraph.start({ json: { id, phone_number: '1' } }, success);
  const client = graph.client();
  await client.getPreverifiedNumber(id);
  await client.deletePreverifiedNumber(id);
  expect(graph.received.map(({ headers }) => headers.connection)).toEqual(['keep-alive', 'close']);
});

describe('no error holds a secret', () => {
  const secrets = [
    TOKEN,
    '123456',
    '123-456',
    '424242',
    'app-secret',
    'AQDsignupcode',
    'EAAsomebodyElses123',
    'AQBx-part_of_1-code',
  ];
  const parrot = metaError(100, {
    message: `Bad: ${secrets.join(' ')} x${TOKEN}_ https://graph.facebook.com/v24.0/1?access_token=${TOKEN}&x=hidden pin=999999`,
  });

  const calls: [string, (client: ReturnType<ScriptedGraph['client']>) => Promise<unknown>, string[]][] = [
    [
      'verify_code',
      (client) => client.verifyCode(id, '123456'),
      [TOKEN, '123456', '123-456', 'hidden', '999999'],
    ],
    [
      'register',
      (client) => client.registerPhoneNumber(phone, '424242', null),
      [TOKEN, '424242', 'hidden', '999999'],
    ],
    [
      'the exchange of a signup code',
      (client) => client.exchangeSignupCode({ id: '1', secret: 'app-secret' }, 'AQDsignupcode'),
      [TOKEN, 'app-secret', 'AQDsignupcode', 'EAAsomebodyElses123', 'AQBx-part_of_1-code'],
    ],
  ];
  /** All that a failure converter or a logger could find in it. */
  const everything = (error: unknown): string => {
    const { name, message, stack, cause, ...rest } = error as Error;
    return [name, message, stack, JSON.stringify(rest), cause === undefined ? '' : everything(cause)].join(
      '\n',
    );
  };

  test.each(calls)("Meta's words about %s", async (_name, run, hidden) => {
    await using graph = await ScriptedGraph.start(parrot);
    const error = await failure(run(graph.client()));
    expect(error).toBeInstanceOf(GraphError);
    for (const secret of hidden) expect(everything(error)).not.toContain(secret);
    expect((error as Error).message).toContain('[redacted]');
  });

  test.each<[string, Answer]>([
    ['a reset', 'reset'],
    ['an answer that breaks off', 'halfAnswer'],
    ['an unreadable answer', { text: `<html>${TOKEN} 123456 app-secret AQDsignupcode` }],
    ['a wrong answer', { json: { access_token: 7, secret: TOKEN } }],
  ])('%s', async (_name, answer) => {
    await using graph = await ScriptedGraph.start(...Array<Answer>(calls.length).fill(answer));
    for (const [, run] of calls) {
      const error = await failure(run(graph.client({ timeout: 500 })));
      for (const secret of secrets) expect(everything(error)).not.toContain(secret);
      expect(everything(error)).not.toContain('?');
    }
  });

  test("a number's digits are no code, and stay readable", async () => {
    await using graph = await ScriptedGraph.start(metaError(100, { message: 'Not for +15551234567' }));
    expect(await failure(graph.client().verifyCode(id, '123456'))).toMatchObject({
      words: 'Not for +15551234567',
    });
  });

  test('words without end are cut', async () => {
    await using graph = await ScriptedGraph.start(metaError(100, { message: 'x'.repeat(100_000) }));
    expect(((await request(graph.client())) as Error).message.length).toBeLessThan(1_000);
  });
});
