import { errorTable, GraphError, rowFor, type Handling } from '../../activities/graph';
import type { PreverifiedId } from '../../contract/ids';
import { metaError, ScriptedGraph, success } from './scripted-graph';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const id = '106540352242922' as PreverifiedId;

/** Meta's error lists: each code with what it asks of us, and after how long. */
const expected: [string, Handling, number | null][] = [
  ['1', 'retry', MINUTE],
  ['2', 'retry', null],
  ['131000', 'retry', null],
  ['131016', 'retry', null],
  ['131057', 'retry', null],
  ['133004', 'retry', null],
  ['2494100', 'retry', null],
  ['4', 'wait', HOUR],
  ['17', 'wait', HOUR],
  ['32', 'wait', HOUR],
  ['613', 'wait', HOUR],
  ['80007', 'wait', HOUR],
  ['80008', 'wait', HOUR],
  ['130429', 'wait', MINUTE],
  ['133008', 'wait', 12 * HOUR],
  ['133009', 'wait', 5 * MINUTE],
  ['133015', 'wait', 5 * MINUTE],
  ['133016', 'wait', 72 * HOUR],
  ['0', 'account', HOUR],
  ['3', 'account', HOUR],
  ['10', 'account', HOUR],
  ['102', 'account', HOUR],
  ['104', 'account', HOUR],
  ['190', 'account', HOUR],
  ...Array.from({ length: 100 }, (_, n): [string, Handling, number] => [String(200 + n), 'account', HOUR]),
  ['300', 'account', HOUR],
  ['368', 'account', HOUR],
  ['131005', 'account', HOUR],
  ['131031', 'account', HOUR],
  ['131042', 'account', HOUR],
  ['200000', 'account', HOUR],
  ['100', 'number', null],
  ['131008', 'number', null],
  ['131009', 'number', null],
  ['100/33', 'gone', null],
  ['33', 'gone', null],
  ['803', 'gone', null],
  ['100/2388001', 'wait', HOUR],
  ['133005', 'pin', null],
  ['133006', 'verifyFirst', null],
  ['133010', 'registerFirst', MINUTE],
  ['131045', 'registerAgain', MINUTE],
  ['133000', 'deregisterAgain', MINUTE],
  ['136024/2388091', 'codeNotSent', HOUR],
  ['136024/2388367', 'wait', 12 * HOUR],
  ['136024/2494158', 'wait', 12 * HOUR],
  ['136024', 'alreadyVerified', HOUR],
  ['136025', 'wrongCode', null],
  ['136025/2388093', 'wrongCode', null],
];

test('every code stands in exactly one row, and in no row but the expected', () => {
  const codes = errorTable.flatMap((row) => row.codes.map(String));
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.sort()).toEqual(expected.map(([code]) => code).sort());
});

test('every row says in a sentence what to do', () => {
  for (const { whatToDo } of errorTable) expect(whatToDo).toMatch(/^[A-Z].+\.$/);
});

describe('each code has its handling, whatever the HTTP status', () => {
  let graph: ScriptedGraph;
  afterEach(() => graph[Symbol.asyncDispose]());

  test.each(expected)('%s → %s', async (name, handling, retryAfter) => {
    const [code, subcode] = name.split('/').map(Number) as [number, number?];
    const more = subcode === undefined ? {} : { subcode };
    graph = await ScriptedGraph.start(
      ...[200, 400, 403, 429, 500, 503].map((status) => metaError(code, { ...more, status })),
    );
    const client = graph.client();
    for (let asked = 0; asked < 6; asked++) {
      const error: unknown = await client
        .requestCode(id, { method: 'SMS', language: 'en_US' })
        .catch((e: unknown) => e);
      expect(error).toBeInstanceOf(GraphError);
      expect(error).toMatchObject({ code: name, handling, retryAfter });
    }
    expect(graph.received).toHaveLength(6);
  });
});

describe('decisions of code and subcode', () => {
  const row = (code: number | null, subcode: number | null = null, transient = false) =>
    rowFor({ code, subcode, transient }).handling;

  test('a subcode that nobody lists leaves the decision to the code', () => {
    expect(row(190, 463)).toBe('account');
    expect(row(136025, 1)).toBe('wrongCode');
    expect(row(136024, 1)).toBe('alreadyVerified');
  });

  test('a code that nobody lists, or none, is for a person to look at and is tried again', () => {
    expect(rowFor({ code: 987654, subcode: null, transient: false })).toMatchObject({
      handling: 'account',
      retryAfter: HOUR,
    });
    expect(row(null)).toBe('account');
  });

  test('a pool that is full is told from other faults of the request by the words of Meta', () => {
    const told = (words: string, code = 100, subcode: number | null = null) =>
      rowFor({ code, subcode, transient: true, words }).handling;
    expect(told('Maximum number of phone numbers')).toBe('full');
    expect(told('(#100) Invalid · You have reached the limit of phone numbers for this business')).toBe(
      'full',
    );
    expect(told('(#100) This many phone numbers exceed the maximum.', 100, 2388999)).toBe('full');
    expect(told('(#100) You can add at most 50 phone numbers')).toBe('full');
    expect(told('(#100) Phone number limit reached')).toBe('full');
    expect(told('(#100) The pool is full')).toBe('full');
    expect(told('The maximum length of a phone number is 15')).toBe('retry');
    expect(told('Maximum number of phone numbers', 190)).toBe('retry');
    expect(told('Maximum number of phone numbers', 100, 33)).toBe('gone');
  });

  test('no number is given up for an app secret that is wrong or missing', () => {
    const told = (words: string) => rowFor({ code: 100, subcode: null, transient: false, words });
    for (const words of [
      'Invalid appsecret_proof provided in the API argument',
      'API calls from the server require an appsecret_proof argument',
    ])
      expect(told(words)).toMatchObject({ handling: 'account', retryAfter: HOUR });
    expect(told('Invalid appsecret_proof').whatToDo).toContain('META_APP_SECRET');
  });

  test('a display name that is not ready is waited for from an hour to a day', () => {
    expect(rowFor({ code: 100, subcode: 2388001, transient: false })).toMatchObject({
      handling: 'wait',
      retryAfter: HOUR,
      retryAfterAtMost: 24 * HOUR,
    });
  });

  test('what Meta calls transient is retried, but a known wait or subcode stands', () => {
    expect(row(190, null, true)).toBe('retry');
    expect(row(987654, null, true)).toBe('retry');
    expect(row(133016, null, true)).toBe('wait');
    expect(row(136024, 2388091, true)).toBe('codeNotSent');
  });
});

test('an error without code or words says so, one with a trace says what to ask the support of Meta for', async () => {
  await using graph = await ScriptedGraph.start(
    { status: 500, json: { error: {} } },
    // Twice: fields are asked for by their other names, too.
    { status: 400, json: { error: { message: 'No', code: 100, fbtrace_id: 'AbC' } } },
    { status: 400, json: { error: { message: 'No', code: 100, fbtrace_id: 'AbC' } } },
  );
  const read = () => graph.client({ baseUrl: `${graph.url}/` }).getPreverifiedNumber('1' as PreverifiedId);
  await expect(read()).rejects.toThrow("GET /1: Meta's error none: no message");
  await expect(read()).rejects.toThrow("GET /1: Meta's error 100: No (fbtrace_id AbC)");
});

describe('X-Business-Use-Case-Usage', () => {
  const answered = async (code: number, header: string) => {
    await using graph = await ScriptedGraph.start(
      metaError(code, { headers: { 'x-business-use-case-usage': header } }),
    );
    return (await graph
      .client()
      .deletePreverifiedNumber(id)
      .catch((e: unknown) => e)) as GraphError;
  };
  const usage = (...minutes: number[]) =>
    JSON.stringify({
      '506914307656634': minutes.map((estimated_time_to_regain_access) => ({
        type: 'whatsapp_business_management',
        call_count: 100,
        estimated_time_to_regain_access,
      })),
    });

  test('a rate limit waits the minutes that Meta states, the longest of them', async () => {
    expect((await answered(80008, usage(3, 19, 0))).retryAfter).toBe(19 * MINUTE);
  });

  test('minutes of no length, and a header that cannot be read, leave the known time', async () => {
    expect((await answered(80008, usage(0))).retryAfter).toBe(HOUR);
    expect((await answered(80008, 'x{')).retryAfter).toBe(HOUR);
    expect((await answered(80008, '{"1":{"estimated_time_to_regain_access":3}}')).retryAfter).toBe(HOUR);
  });

  test('it is the wait of rate limits alone', async () => {
    expect((await answered(133016, usage(3))).retryAfter).toBe(72 * HOUR);
  });
});

test('an answer without an error is none', async () => {
  await using graph = await ScriptedGraph.start(success);
  await expect(graph.client().deletePreverifiedNumber(id)).resolves.toBeUndefined();
});
