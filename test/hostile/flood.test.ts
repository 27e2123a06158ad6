import fc from 'fast-check';
import { setTimeout } from 'node:timers/promises';
import { newWaba, Stack, type Session } from './stack';
import { portfolioId } from '../client/laptop';

/** Ten minutes by `npm run test:hostile`. */
const full = process.env['HOSTILE'] === 'full';
const seconds = Number(process.env['HOSTILE_SECONDS'] ?? (full ? 600 : 8));
const perSecond = 20;
const seed = Number(process.env['HOSTILE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** All that one token may cause in ten minutes (docs/security.md, Limits). */
const mostCalls = 60;
jest.setTimeout(240_000 + 2_000 * seconds);

let stack: Stack;
let numbers: string[];
beforeAll(async () => {
  stack = await Stack.start();
  numbers = await stack.add(4);
});
afterAll(() => stack.close());

const waba = fc.oneof(
  fc.integer({ min: 1, max: 10 ** 9 }).map(String),
  fc.constantFrom(portfolioId, 'none', '0'),
);
const data = fc.record({
  waba_id: waba,
  waba_ids: fc.array(waba, { maxLength: 8 }),
  phone_number_id: waba,
  business_id: waba,
  current_step: fc.constantFrom('PERMISSIONS', 'X', 7),
  error_message: fc.string(),
});
const event = fc.oneof(
  fc.constantFrom('FINISH', 'FINISH_ONLY_WABA', 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING', 'CANCEL', 'ERROR'),
  fc.stringMatching(/^[A-Z_]{3,20}$/),
);
const request = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constant('events' as const), event, data) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('config' as const), event, data) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('code' as const), event, data) },
);

/** One link, its tokens old and new, and any content, until the signal aborts. */
async function flood(session: Session, signal: AbortSignal) {
  const tokens = [session];
  const statuses = new Map<number, number>();
  const requests = fc.sample(request, { numRuns: seconds * perSecond, seed });
  const sent: Promise<unknown>[] = [];
  const send = async ([route, event, data]: (typeof requests)[number], from: Session) => {
    const answer = await {
      events: () => stack.tell(from, event, data),
      config: () => stack.again(from),
      code: () => stack.code(from),
    }[route]();
    if ('token' in answer && answer.token) tokens.push({ ...session, token: answer.token });
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  };
  for (const [index, next] of requests.entries()) {
    if (signal.aborted) break;
    sent.push(send(next, tokens[index % tokens.length]!));
    await setTimeout(1000 / perSecond);
  }
  await Promise.all(sent);
  return { sent: sent.length, statuses: Object.fromEntries(statuses) };
}

/** What others do meanwhile, and how long it takes them. A round asks Meta twice. */
async function round(customerId: string): Promise<number[]> {
  const times: number[] = [];
  const timed = async <T>(act: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await act();
    times.push(performance.now() - begun);
    return result;
  };
  const session = await timed(() => stack.invite(customerId));
  expect((await timed(() => stack.code(session))).status).toBe(409);
  const number = String(await stack.heldBy(customerId, numbers));
  await timed(() => stack.pool.refresh(number));
  await timed(() => stack.pool.release(number, {}));
  return times;
}
const callsOfRound = 2;

const median = (values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
const medians = (rounds: readonly number[][]) =>
  ['config', 'code', 'refresh', 'release'].map((_, act) =>
    Math.round(median(rounds.map((times) => times[act]!))),
  );

test(`one token, ${String(perSecond)} requests a second, any content: others go on, and Meta is asked little`, async () => {
  const quiet: number[][] = [];
  for (let count = 0; count < 6; count++) quiet.push(await round(`quiet-${String(count)}`));

  const attacker = await stack.invite('attacker');
  const before = await stack.callsToMeta();
  const over = new AbortController();
  const flooding = flood(attacker, over.signal).finally(() => over.abort());
  const loud: number[][] = [];
  while (!over.signal.aborted) {
    loud.push(await round(`other-${String(loud.length)}`));
    await setTimeout(full ? 5_000 : 500);
  }
  const { sent, statuses } = await flooding;
  const calls = (await stack.callsToMeta()) - before - loud.length * callsOfRound;

  process.stderr.write(
    `hostile: flood of ${String(sent)} requests in ${String(seconds)} s (HOSTILE_SEED=${String(seed)}): ${String(calls)} calls to Meta; ` +
      `answers ${JSON.stringify(statuses)}; medians of config, code, refresh, release in ms: quiet ${medians(quiet).join(', ')}, meanwhile ${medians(loud).join(', ')}\n`,
  );
  expect(calls).toBeLessThanOrEqual(mostCalls);
  expect(stack.faults).toEqual([]);
  // Whoever shares the machine makes single calls slow; a starved pool took the better part of a minute.
  for (const [act, loudMedian] of medians(loud).entries())
    expect(loudMedian).toBeLessThanOrEqual(2 * medians(quiet)[act]! + (full ? 100 : 10_000));

  // Histories are bounded: what one token has sent to all numbers together.
  let signals = 0;
  for (const number of numbers) {
    const handle = stack.laptop.connected.client.workflow.getHandle(`number:${number}`);
    const { events } = await handle.fetchHistory();
    signals += (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
  }
  expect(signals).toBeLessThanOrEqual(60 * Math.ceil(seconds / 600));

  for (const number of numbers) {
    await stack.looked(number);
    await stack.pool.release(number, {});
    await stack.pool.reserve(number, { customerId: `last-${newWaba()}` });
  }
});
