import ms, { type StringValue } from 'ms';
import { createNumberActivities } from '../../activities';
import { createReconcileGraphActivities } from '../../activities/reconcile/graph-activities';
import { graphFailureIn, type GraphFailure } from '../../contract/graph-failure';
import type { PhoneNumberId, PortfolioId, PreverifiedId, WabaId } from '../../contract/ids';
import cases from '../cases/graph-answers.json';
import { ScriptedGraph, type Answer } from '../graph/scripted-graph';
import { attempt, failureOf, POLICY_DAY } from './simulated-meta';

/** What Graph answers, as real deployments do, and what must come of it. */
type Case = (typeof cases)[number] & { waits?: [string, string] };

const portfolioId = '410200400500600' as PortfolioId;
const wabaId = '410200400500601' as WabaId;
const preverifiedId = '108800100200300' as PreverifiedId;
const phoneNumberId = '208800100200410' as PhoneNumberId;
const target = { kind: 'preverified', id: preverifiedId } as const;

type Activities = ReturnType<typeof createNumberActivities> &
  ReturnType<typeof createReconcileGraphActivities>;

/** The activity that makes each call first. */
const activities: Record<string, (all: Activities, phoneNumber: string, number: number) => Promise<unknown>> =
  {
    'POST /{phone}/register': ({ registerNumber }, _phoneNumber, number) =>
      attempt(registerNumber, { phoneNumberId, pin: '424242', dataLocalizationRegion: null }, number),
    'POST /{portfolio}/add_phone_numbers': ({ addNumber }, phoneNumber) =>
      attempt(addNumber, { portfolioId, phoneNumber }),
    'GET /{waba}/phone_numbers': ({ confirmClaim }, phoneNumber) =>
      attempt(confirmClaim, {
        phoneNumber,
        wabaId,
        phoneNumberId: null,
        preverifiedId: null,
        portfolioId,
        sharedWith: [],
      }),
    'POST /{preverified}/request_code': ({ requestCode }) =>
      attempt(requestCode, { target, method: 'SMS', language: 'en_US' }),
    'POST /{preverified}/verify_code': ({ verifyCode }) =>
      attempt(verifyCode, { target, code: '123456', verifiedBefore: null }),
    'GET /{preverified}': ({ readNumber }) => attempt(readNumber, { preverifiedId }),
    'GET /{portfolio}/preverified_numbers': ({ readPool }) => attempt(readPool, { portfolioId, after: null }),
  };

interface Expected {
  /** What the activity answers. */
  answer?: unknown;
  /** What it throws for the workflow, `retried`: for Temporal. */
  failure?: Partial<GraphFailure>;
  retried?: true;
  /** What Graph answers next. */
  next?: Answer[];
  phoneNumber?: string;
}

const read: Answer = {
  json: {
    id: preverifiedId,
    display_phone_number: '+1 555-078-3881',
    verification_status: 'VERIFIED',
    code_verification_time: '2026-04-14T22:12:31+0000',
    verification_expiry_time: '2026-07-13T22:12:31+0000',
  },
};
const found = (id: string, phoneNumber: string): Answer => ({
  json: { data: [{ id, display_phone_number: phoneNumber, code_verification_status: 'VERIFIED' }] },
});
const none: Answer = { json: { data: [] } };

const tooManyCodes = { failure: { handling: 'wait', code: '136024/2388367' } } as const;
const notReady = {
  failure: { handling: 'wait', code: '100/2388001', retryAfterAtMost: ms('1 day') },
} as const;

/** By what the case is about: what must come of it, beside the time that it waits. */
const expected: Record<string, Expected> = {
  'the name certificate is not ready, which takes hours to days': notReady,
  'POST /{phone}/register code and subcode as text': notReady,
  'the code alone means a fault of ours': { failure: { handling: 'number', retryAfter: null } },
  'budget used up': { failure: { handling: 'wait', code: '133016' } },
  'a server on the way answered': { failure: { handling: 'wait', code: 'network' }, retried: true },
  'the pool is full': { failure: { handling: 'account' }, next: [none] },
  'Mexico, Argentina, Brazil': {
    phoneNumber: '+525550123410',
    next: [none, found(preverifiedId, '+52 1 55 5012 3410'), none],
    answer: expect.objectContaining({ preverifiedId, adopted: true }),
  },
  'Meta shows the other national form': {
    phoneNumber: '5585991234511',
    answer: expect.objectContaining({ found: true, phoneNumberId, verified: true, registered: false }),
  },
  'an empty page that is not the last': {
    phoneNumber: '15550783881',
    next: [found(phoneNumberId, '+1 555-078-3881')],
    answer: expect.objectContaining({ found: true, phoneNumberId }),
  },
  'is_transient as text; the code must not be lost': tooManyCodes,
  'is_transient as a number': tooManyCodes,
  'error_user_msg as an object': { failure: { handling: 'codeNotSent', code: '136024/2388091' } },
  'other words of the error in other types': tooManyCodes,
  'is_transient as text': { failure: { handling: 'wait', code: '2', retryAfter: ms('5 seconds') } },
  'an unknown code, is_transient as text': {
    failure: { handling: 'wait', code: '987654', retryAfter: ms('5 seconds') },
  },
  'an error with HTTP 200': { failure: { handling: 'account', code: '190' } },
  'success as text': { answer: { outcome: 'sent' } },
  'an empty answer': { answer: { outcome: 'unknown' } },
  'a server on the way says when': { failure: { handling: 'wait' } },
  'codes as text': { answer: expect.objectContaining({ outcome: 'wrongCode' }) },
  'a deployment with other names refuses what it does not know': {
    next: [read],
    answer: {
      verified: true,
      verifiedAt: Date.parse('2026-04-14T22:12:31Z'),
      expiresAt: Date.parse('2026-07-13T22:12:31Z'),
    },
  },
  gone: { answer: null },
  'one entry of the usage header is null': { failure: { handling: 'wait', code: '80007' } },
  'one business is null, one minute count a text': { failure: { handling: 'wait', code: '80007' } },
  'no minutes stated': { failure: { handling: 'wait', code: '80007' } },
};

const expectedOf = ({ call, why }: Case): Expected | undefined => expected[`${call} ${why}`] ?? expected[why];

const start = ({ answer }: Case, next: Answer[] = []) => {
  const { body, ...first } = answer as { body?: unknown };
  return ScriptedGraph.start({ ...first, ...(body === undefined ? {} : { json: body }) }, ...next);
};

const run = (graph: ScriptedGraph, { call }: Case, phoneNumber = '+15550783881', number = 1) => {
  const client = graph.client();
  const all = {
    ...createNumberActivities({ graph: client, policyDay: POLICY_DAY }),
    ...createReconcileGraphActivities(client),
  };
  return activities[call]!(all, phoneNumber, number);
};

test('every case has its right outcome here', () => {
  expect((cases as Case[]).filter((each) => !expectedOf(each))).toEqual([]);
});

test.each(cases as Case[])('$call, $why: $handling', async (each) => {
  const { answer, failure, retried, next, phoneNumber } = expectedOf(each)!;
  await using graph = await start(each, next);
  if (failure === undefined) {
    expect(await run(graph, each, phoneNumber)).toEqual(answer);
  } else {
    const thrown = await failureOf(run(graph, each, phoneNumber));
    const told = thrown.details?.[0] as GraphFailure;
    expect(told).toMatchObject(failure);
    expect(graphFailureIn(thrown)).toEqual(retried ? null : told);
    if (each.waits) {
      const [least, most] = each.waits.map((wait) => ms(wait as StringValue));
      expect(told.retryAfter).toBeGreaterThanOrEqual(least!);
      expect(told.retryAfter).toBeLessThanOrEqual(most!);
    }
  }
  // All of the script was needed.
  expect(graph.received).toHaveLength(1 + (next?.length ?? 0));
});

test.each([
  ['CLOUD_API', ['GET']],
  ['NOT_APPLICABLE', ['GET', 'POST']],
])('after a lost answer a number on %s is registered only if it is not', async (platform_type, methods) => {
  const lost = cases.find(({ why }) => why === 'a server on the way answered') as Case;
  await using graph = await start(lost, [
    { json: { id: phoneNumberId, platform_type } },
    { json: { success: true } },
  ]);
  await failureOf(run(graph, lost));
  await run(graph, lost, undefined, 2);
  expect(graph.received.slice(1).map(({ method }) => method)).toEqual(methods);
});
