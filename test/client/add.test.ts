import type { AddOutcome } from '../../client';
import { latestChartVersion } from '../../contract/chart-version';
import { searchAttributes } from '../../contract/search-attributes';
import { Laptop, portfolioId } from './laptop';

let laptop: Laptop;
beforeAll(async () => {
  laptop = await Laptop.start();
});
afterAll(() => laptop.close());

const quiet = { automation: { requestCode: false } };

test('a number is added once, however often and however it is written', async () => {
  const pool = laptop.pool();
  const spellings = ['15550100001', '+1 555 010 0001', '+1 (555) 010-0001', '1-555-010-0001'];
  const answers = await Promise.all(spellings.map((spelling) => pool.add(spelling, quiet)));
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['added', 'exists', 'exists', 'exists']);
  expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
  expect(answers[0]).toMatchObject({
    phoneNumber: '15550100001',
    portfolioId,
    state: 'Added',
    workflowId: 'number:15550100001',
  });
});

test('the workflow says what it is, and is found by search, before any worker has seen it', async () => {
  await laptop.stopWorker();
  await laptop.pool({ by: 'onboarding' }).add('+493012345678');
  const description = await laptop.connected.client.workflow.getHandle('number:493012345678').describe();
  await laptop.startWorker();
  expect(description).toMatchObject({
    type: 'numberLifecycle',
    taskQueue: 'preverified-numbers',
    memo: { addedBy: 'onboarding' },
  });
  expect(await description.staticSummary()).toBe(`+493012345678 · DE · portfolio ${portfolioId}`);
  expect(await description.staticDetails()).toMatch(
    /whole life of \*\*\+493012345678\*\*[^]*Added by onboarding\./,
  );
  const { NumberState, PortfolioId, Country } = searchAttributes;
  const attributes = description.typedSearchAttributes;
  expect([NumberState, PortfolioId, Country].map((key) => attributes.get(key))).toEqual([
    'Added',
    portfolioId,
    'DE',
  ]);
});

test('a run is started on the newest chart, with what the caller and the pool say about its life', async () => {
  const pool = laptop.pool({
    defaults: { policy: { verifiedFor: '14 days' }, automation: { register: false } },
  });
  // What is undefined counts as left out.
  const none = { portfolioId: undefined, by: undefined, policy: { verifiedFor: undefined } };
  await pool.add('15550100003', { ...quiet, ...(none as object), codeMethod: 'VOICE' });
  const handle = laptop.connected.client.workflow.getHandle('number:15550100003');
  const { events } = await handle.fetchHistory();
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const { loadedDataConverter } = laptop.connected.client.options;
  const [clear] = await loadedDataConverter.payloadCodecs[0]!.decode([input!]);
  expect(JSON.parse(Buffer.from(clear!.data!).toString())).toEqual({
    phoneNumber: '15550100003',
    portfolioId,
    chartVersion: latestChartVersion,
    codeMethod: 'VOICE',
    policy: { verifiedFor: '14 days' },
    automation: { register: false, requestCode: false },
  });
});

test('a Removed number begins a new life when it is added again', async () => {
  const pool = laptop.pool();
  const first = await pool.add('15550100004', quiet);
  await pool.waitUntil('15550100004', ({ phase }) => phase === 'waiting');
  await pool.remove('15550100004');
  await pool.waitFor('15550100004', 'Removed');
  const again = await pool.add('15550100004', quiet);
  expect(again).toMatchObject({ outcome: 'added', state: 'Added' });
  expect(again.runId).not.toBe(first.runId);
});

test('a Rejected number begins a new life when it is added again', async () => {
  const pool = laptop.pool();
  await laptop.sim.fault({ call: 'add_phone_numbers', number: '15550100005', error: { code: 100 } });
  await pool.add('15550100005', quiet);
  await pool.waitFor('15550100005', 'Rejected');
  expect(await pool.add('15550100005', quiet)).toMatchObject({ outcome: 'added' });
  await pool.waitUntil('15550100005', ({ phase }) => phase === 'waiting');
});

test('a run that failed is followed by a new one', async () => {
  const { workflow } = laptop.connected.client;
  const broken = { workflowId: 'number:15550100006', taskQueue: 'preverified-numbers', args: [{}] };
  await expect(workflow.execute('numberLifecycle', broken)).rejects.toThrow();
  expect(await laptop.pool().add('15550100006', quiet)).toMatchObject({ outcome: 'added' });
});

test('a Registered number is left as it is', async () => {
  const pool = laptop.pool();
  const first = await pool.add('15550100007');
  await pool.submitCode('15550100007', { code: await laptop.sim.nextMessage('15550100007') });
  const { preverifiedId } = await pool.get('15550100007');
  await laptop.sim.claim(preverifiedId!, '102290129340398');
  await pool.claim('15550100007', { wabaId: '102290129340398', source: 'test' });
  await pool.waitFor('15550100007', 'Registered');
  expect(await pool.add('15550100007')).toMatchObject({
    outcome: 'exists',
    state: 'Registered',
    runId: first.runId,
  });
});

test('a number that another portfolio has is refused, naming it', async () => {
  await laptop.pool().add('15550100008', quiet);
  await expect(laptop.pool({ portfolioId: '777' }).add('15550100008', quiet)).rejects.toMatchObject({
    type: 'WrongPortfolio',
    number: '15550100008',
    message: `+15550100008 was not added to portfolio 777: it belongs to portfolio ${portfolioId}, where it is Added.`,
  });
});

test('many are added a few at a time, and one that fails stops no other', async () => {
  const pool = laptop.pool();
  const told: [number, number, string][] = [];
  const outcomes = await pool.addMany(
    ['15550100011', 'nonsense', { number: '15550100012', ...quiet, codeMethod: 'VOICE' }, '15550100011'],
    {
      concurrency: 1,
      onProgress: (done, total, last) => told.push([done, total, last.number]),
    },
  );
  const short = ({ number, ...outcome }: AddOutcome) => [
    number,
    outcome.ok ? outcome.added.outcome : outcome.error.name,
  ];
  expect(outcomes.map(short)).toEqual([
    ['15550100011', 'added'],
    ['nonsense', 'RefusedError'],
    ['15550100012', 'added'],
    ['15550100011', 'exists'],
  ]);
  expect(told).toEqual([
    [1, 4, '15550100011'],
    [2, 4, 'nonsense'],
    [3, 4, '15550100012'],
    [4, 4, '15550100011'],
  ]);
});

test('no more starts are under way than were asked for', async () => {
  const pool = laptop.pool();
  let now = 0;
  let most = 0;
  const { workflow } = laptop.connected.client;
  const start = workflow.start.bind(workflow);
  const counted = jest.spyOn(workflow, 'start').mockImplementation(async (...args) => {
    most = Math.max(most, ++now);
    return start(...args).finally(() => now--);
  });
  const numbers = Array.from({ length: 20 }, (_, index) => `155502000${String(index + 10)}`);
  const outcomes = await pool.addMany(
    numbers.map((number) => ({ number, ...quiet })),
    { concurrency: 3 },
  );
  counted.mockRestore();
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  expect(most).toBe(3);
});
