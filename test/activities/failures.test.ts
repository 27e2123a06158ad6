import { errorTable, rowFor, type Handling } from '../../activities/graph';
import { readGraphError } from '../../activities/graph-failure';
import {
  attempt,
  failureOf,
  portfolioId,
  phoneNumber,
  graphFailureOf,
  SimulatedMeta,
} from './simulated-meta';

const MINUTE = 60_000;

/** What the workflow or Temporal is told for each handling of the error table. */
const toldAs: Record<Handling, string> = {
  retry: 'wait',
  wait: 'wait',
  account: 'account',
  full: 'account',
  number: 'number',
  gone: 'number',
  pin: 'pin',
  verifyFirst: 'verifyFirst',
  registerFirst: 'wait',
  registerAgain: 'wait',
  deregisterAgain: 'wait',
  codeNotSent: 'codeNotSent',
  wrongCode: 'number',
  alreadyVerified: 'wait',
};

describe('every code of the error table leaves an activity as the failure of its handling', () => {
  // What is gone already counts as removed.
  const rows = errorTable.filter(({ handling }) => handling !== 'gone');
  const codes = rows.flatMap((row) => row.codes.map(String));
  let meta: SimulatedMeta;
  beforeAll(async () => {
    meta = await SimulatedMeta.start();
  });
  afterAll(() => meta[Symbol.asyncDispose]());

  test.each(codes)('%s', async (name) => {
    const [code, error_subcode] = name.split('/').map(Number) as [number, number?];
    const row = rowFor({ code, subcode: error_subcode ?? null, transient: false });
    const preverifiedId = await meta.inPool();
    await meta.fault({
      call: 'delete_preverified_number',
      error: { status: 400, code, error_subcode, message: 'No', is_transient: false },
    });
    const failure = attempt(meta.activities().removeNumber, { portfolioId, preverifiedId, sharedWith: [] });
    const told = await graphFailureOf(failure);
    expect(told).toMatchObject({ code: name, handling: toldAs[row.handling] });
    expect(told.whatToDo).toBe(row.whatToDo);
    // Only a limit of Meta's is called a spent budget.
    const limited = row.handling === 'wait' && row.retryAfterAtMost === undefined;
    expect(told.limit).toBe(limited ? true : undefined);
    const soon = told.handling === 'wait' && (told.retryAfter ?? Infinity) <= 10 * MINUTE;
    expect(told.type).toBe(soon ? 'GraphTransient' : 'GraphError');
    expect((await failureOf(failure)).nextRetryDelay ?? null).toBe(soon ? row.retryAfter : null);
    expect((await failureOf(failure)).message).toContain(preverifiedId);
  });
});

test("a rate limit's stated minutes are waited for: short ones by Temporal, long ones by the chart", async () => {
  await using meta = await SimulatedMeta.start();
  const fault = (minutes: number) =>
    meta.fault({
      call: 'add_phone_numbers',
      error: { code: 80008 },
      headers: {
        'X-Business-Use-Case-Usage': JSON.stringify({
          [portfolioId]: [{ type: 'whatsapp', estimated_time_to_regain_access: minutes }],
        }),
      },
    });
  const add = () => failureOf(attempt(meta.activities().addNumber, { portfolioId, phoneNumber }));
  await fault(7);
  expect(await add()).toMatchObject({ type: 'GraphTransient', nextRetryDelay: 7 * MINUTE });
  await fault(19);
  expect(await add()).toMatchObject({
    type: 'GraphError',
    details: [{ handling: 'wait', retryAfter: 19 * MINUTE }],
  });
});

test('a server that is no Graph API is for a person, one that has a bad moment for Temporal', async () => {
  await using meta = await SimulatedMeta.start();
  const add = (error: object) =>
    meta
      .fault({ call: 'add_phone_numbers', error: { emptyBody: true, ...error } })
      .then(() => graphFailureOf(attempt(meta.activities().addNumber, { portfolioId, phoneNumber })));
  expect(await add({ status: 404 })).toMatchObject({
    type: 'GraphError',
    code: 'HTTP 404',
    handling: 'account',
  });
  expect(await add({ status: 429 })).toMatchObject({
    type: 'GraphTransient',
    code: 'HTTP 429',
    handling: 'wait',
  });
  expect(await add({ status: 503 })).toMatchObject({
    type: 'GraphTransient',
    code: 'network',
    handling: 'wait',
  });
});

test('a stated Retry-After is waited for: a short one by Temporal, a long one by the chart', async () => {
  await using meta = await SimulatedMeta.start();
  const add = async (seconds: number) => {
    const headers = { 'Retry-After': String(seconds) };
    await meta.fault({ call: 'add_phone_numbers', error: { status: 429, emptyBody: true }, headers });
    return failureOf(attempt(meta.activities().addNumber, { portfolioId, phoneNumber }));
  };
  expect(await add(30)).toMatchObject({ type: 'GraphTransient', nextRetryDelay: 30_000 });
  expect(await add(3600)).toMatchObject({
    type: 'GraphError',
    details: [{ code: 'HTTP 429', handling: 'wait', retryAfter: 60 * MINUTE }],
  });
});

test('an expired token is for a person, and is not shown', async () => {
  await using meta = await SimulatedMeta.start();
  await meta.control('tokens/expire', {});
  const failure = await failureOf(attempt(meta.activities().addNumber, { portfolioId, phoneNumber }));
  expect(failure).toMatchObject({ type: 'GraphError', details: [{ handling: 'account' }] });
  expect(failure.message).toContain('GRAPH_ACCESS_TOKEN');
  expect(failure.message).not.toContain('EAA');
});

test('an error that is none of the Graph client is left as it is', () => {
  expect(readGraphError(new TypeError('a fault of ours'))).toBeNull();
});
