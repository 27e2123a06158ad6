import fc from 'fast-check';
import { GraphError, NoAnswerError, UnreadableAnswerError } from '../../activities/graph';
import { readErrorEnvelope } from '../../activities/graph/error-envelope';
import { statedWaits } from '../../activities/graph/stated-waits';
import type { PreverifiedId } from '../../contract/ids';
import { metaError, ScriptedGraph, type Answer } from './scripted-graph';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const none = { regainAccess: null, retryAfter: null };

describe('a badly typed field of an error costs no other one', () => {
  const read = (error: unknown) => readErrorEnvelope({ error }, { call: 'GET /1', waits: none, secrets: [] });

  test('code and subcode are read as number and as text, whatever stands beside them', () => {
    const anything = fc.jsonValue();
    const side = fc.record({
      message: anything,
      type: anything,
      is_transient: anything,
      error_user_title: anything,
      error_user_msg: anything,
      error_data: anything,
      fbtrace_id: anything,
    });
    const written = (code: number) => fc.constantFrom(code, String(code), ` ${String(code)} `);
    fc.assert(
      fc.property(side, written(136024), written(2388367), (beside, code, error_subcode) => {
        const error = read({ ...beside, code, error_subcode });
        expect(error).toMatchObject({ code: '136024/2388367', handling: 'wait', retryAfter: 12 * HOUR });
      }),
    );
  });

  test.each([true, 'true', 'True', 1, '1'])('is_transient %p says that the error passes', (is_transient) => {
    expect(read({ code: 987654, is_transient })).toMatchObject({ handling: 'retry' });
  });

  test.each([false, 'false', 0, '0', null, '', {}, [], 'no'])('is_transient %p does not', (is_transient) => {
    expect(read({ code: 987654, is_transient })).toMatchObject({ handling: 'account' });
  });

  test.each([null, {}, [], true, '', 'OAuthException', 1.5])(
    'a code of %p is no code: a person looks at it',
    (code) => {
      expect(read({ code, message: 'No' })).toMatchObject({ code: 'none', handling: 'account' });
    },
  );

  test.each([{ details: 'look here' }, '{"details":"look here"}'])(
    'the details are found in %p',
    (error_data) => {
      expect(read({ code: 1, message: 'No', error_data })?.words).toBe('No · look here');
    },
  );

  test.each([null, [], 'denied', 7])('an error of %p is none in the envelope of Meta', (error) => {
    expect(read(error)).toBeNull();
  });
});

describe('X-Business-Use-Case-Usage', () => {
  const regainAccess = (header: string) =>
    statedWaits({ get: (name) => (name === 'x-business-use-case-usage' ? header : null) }).regainAccess;

  test('the longest wait that can be read counts, whatever stands beside it', () => {
    const junk = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('estimated_time'));
    const limit = (minutes: number) =>
      fc.constantFrom(
        { type: 'whatsapp', call_count: 100, estimated_time_to_regain_access: minutes },
        { estimated_time_to_regain_access: String(minutes) },
      );
    const ofBusiness = (minutes: number) =>
      fc
        .tuple(fc.array(junk, { maxLength: 2 }), limit(minutes), fc.array(junk, { maxLength: 2 }))
        .map(([before, one, after]) => [...before, one, ...after]);
    const header = fc
      .tuple(junk, ofBusiness(23), ofBusiness(5), junk)
      .map(([first, long, short, last]) => JSON.stringify({ 1: first, 2: long, 3: short, 4: last }));
    fc.assert(
      fc.property(header, (text) => {
        expect(regainAccess(text)).toBe(23 * MINUTE);
      }),
    );
  });

  test('a header that was sent twice is read whole', () => {
    const of = (minutes: number) => `{"1":[{"estimated_time_to_regain_access":${String(minutes)}}]}`;
    expect(regainAccess(`${of(3)}, ${of(8)}`)).toBe(8 * MINUTE);
  });

  test('a wait that no limit of Meta has is cut to a week', () => {
    expect(regainAccess('{"1":[{"estimated_time_to_regain_access":1e300}]}')).toBe(7 * 24 * HOUR);
  });
});

describe('Retry-After', () => {
  const refused = async (answer: Exclude<Answer, string>, seconds: string) => {
    await using graph = await ScriptedGraph.start({ ...answer, headers: { 'retry-after': seconds } });
    return (await graph
      .client()
      .deletePreverifiedNumber('1' as PreverifiedId)
      .catch((error: unknown) => error)) as GraphError | NoAnswerError | UnreadableAnswerError;
  };
  const retryAfter = async (answer: Answer, seconds: string) =>
    (await refused(answer as Exclude<Answer, string>, seconds)).retryAfter;

  test.each<[string, Answer]>([
    ['a page that says 429', { status: 429, text: '<html>Slow down</html>' }],
    ['JSON that says 429', { status: 429, json: { message: 'slow down' } }],
    ['a server that says 503', { status: 503, text: '' }],
    ['a rate limit of Meta', metaError(80008, { status: 429 })],
    ['a fault of Meta that passes', metaError(2, { status: 503 })],
  ])('is what %s asks for', async (_what, answer) => {
    expect(await retryAfter(answer, '30')).toBe(30 * SECOND);
  });

  test('may be a date', async () => {
    const date = new Date(Date.now() + 90 * SECOND).toUTCString();
    const wait = await retryAfter({ status: 429, text: '' }, date);
    expect(wait).toBeGreaterThan(80 * SECOND);
    expect(wait).toBeLessThanOrEqual(90 * SECOND);
  });

  test.each(['0', '-5', 'soon', 'Thu, 01 Jan 1970 00:00:00 GMT'])('of %p says nothing', async (header) => {
    expect(await retryAfter({ status: 429, text: '' }, header)).toBeNull();
    expect(await retryAfter(metaError(80008), header)).toBe(HOUR);
  });

  test('leaves a known wait as it is, and the longer one of two stated', async () => {
    expect(await retryAfter(metaError(133016), '30')).toBe(72 * HOUR);
    const headers = { 'x-business-use-case-usage': '{"1":[{"estimated_time_to_regain_access":3}]}' };
    await using graph = await ScriptedGraph.start(
      metaError(80008, { headers: { ...headers, 'retry-after': '30' } }),
    );
    await expect(graph.client().deletePreverifiedNumber('1' as PreverifiedId)).rejects.toMatchObject({
      retryAfter: 3 * MINUTE,
    });
  });
});
