import { RefusedError, TimedOutError, type NumberPool } from '../../client';
import { Laptop, waba } from './laptop';

let laptop: Laptop;
let pool: NumberPool;
beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
});
afterAll(() => laptop.close());

test('waitFor returns the record as soon as the number is there, and at once if it is already', async () => {
  await pool.add('15550400001');
  const waiting = pool.waitFor('15550400001', 'Verified');
  await pool.submitCode('15550400001', { code: await laptop.sim.nextMessage('15550400001') });
  const record = await waiting;
  expect(record).toMatchObject({ state: 'Verified' });
  expect(await pool.waitFor('15550400001', ['Claimed', 'Verified'])).toEqual(record);
});

test('waiting asks nothing while nothing happens', async () => {
  await pool.add('15550400002', { automation: { requestCode: false } });
  await pool.waitUntil('15550400002', ({ phase }) => phase === 'waiting');
  const asked = jest.spyOn(laptop.connected.connection.workflowService, 'queryWorkflow');
  const polled = jest.spyOn(laptop.connected.connection.workflowService, 'getWorkflowExecutionHistory');
  await expect(pool.waitFor('15550400002', 'Verified', { timeout: 3_000 })).rejects.toThrow();
  // What has happened already is one page; the second request sleeps at the server.
  expect(asked.mock.calls.length).toBe(1);
  expect(polled.mock.calls.length).toBe(2);
  jest.restoreAllMocks();
});

test('a wait ends after its timeout and says where the number is', async () => {
  await pool.add('15550400003', { automation: { requestCode: false } });
  await pool.waitUntil('15550400003', ({ phase }) => phase === 'waiting');
  const waiting = pool.waitFor('15550400003', 'Verified', { timeout: 1_000 });
  await expect(waiting).rejects.toBeInstanceOf(TimedOutError);
  await expect(waiting).rejects.toThrow(
    '+15550400003 was not Verified within 1 seconds: it is Added (waiting)',
  );
});

test('a wait ends when its signal says so', async () => {
  await pool.add('15550400004');
  const stop = new AbortController();
  const waiting = pool.waitFor('15550400004', 'Registered', { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('waiting for what can no longer come is refused as soon as the life ends', async () => {
  await pool.add('15550400005', { automation: { requestCode: false } });
  await pool.waitUntil('15550400005', ({ phase }) => phase === 'waiting');
  const waiting = pool.waitFor('15550400005', 'Verified');
  await pool.remove('15550400005');
  await expect(waiting).rejects.toBeInstanceOf(RefusedError);
  await expect(waiting).rejects.toMatchObject({
    type: 'WrongState',
    message: '+15550400005 is Removed and will not be Verified any more.',
  });
});

test('waiting for a number whose workflow is terminated ends with it', async () => {
  await pool.add('15550400006');
  const waiting = pool.waitFor('15550400006', 'Registered');
  await laptop.connected.client.workflow.getHandle('number:15550400006').terminate();
  await expect(waiting).rejects.toMatchObject({ type: 'WrongState' });
});

test('a wait outlives a worker', async () => {
  const hasty = laptop.pool({ answerWithin: 500 });
  await pool.add('15550400007');
  await pool.waitFor('15550400007', 'CodeRequested');
  const code = await laptop.sim.nextMessage('15550400007');
  await laptop.stopWorker();
  const waiting = hasty.waitFor('15550400007', 'Verified');
  await pool.signal.submitCode('15550400007', { code });
  await laptop.startWorker();
  expect(await waiting).toMatchObject({ state: 'Verified' });
});

test('a wait whose first question nobody answered asks again, though nothing more happens to the number', async () => {
  await pool.add('15550400008');
  await pool.submitCode('15550400008', { code: await laptop.sim.nextMessage('15550400008') });
  await laptop.stopWorker();
  const waiting = laptop.pool({ answerWithin: 500 }).waitFor('15550400008', 'Verified', { timeout: 120_000 });
  await sleeps(laptop, waiting);
  await laptop.startWorker();
  expect(await waiting).toMatchObject({ state: 'Verified' });
});

test.each([2 ** 31, 1_500.5, Infinity])('a wait may last %d milliseconds', async (timeout) => {
  await pool.add('15550400009', { automation: { requestCode: false } });
  await pool.waitUntil('15550400009', ({ phase }) => phase === 'waiting');
  const stop = new AbortController();
  const waiting = pool.waitFor('15550400009', 'Verified', { timeout, signal: stop.signal });
  await sleeps(laptop, waiting);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test.each([NaN, -1])('a wait of %d milliseconds is refused', async (timeout) => {
  const refusal = { type: 'InvalidMessage', message: 'timeout must be milliseconds, 0 or more.' };
  await expect(pool.waitFor('15550400001', 'Verified', { timeout })).rejects.toMatchObject(refusal);
  await expect(pool.waitUntilCustomer(waba, () => true, { timeout })).rejects.toMatchObject(refusal);
});

/** Settles once a wait that has just begun has asked the number, and sleeps at the server, or else with the wait. */
async function sleeps({ connected }: Laptop, waiting: Promise<unknown>): Promise<void> {
  const { workflowService } = connected.connection;
  const poll = workflowService.getWorkflowExecutionHistory.bind(workflowService);
  let polls = 0;
  const second = new Promise<void>((resolve) => {
    jest
      .spyOn(workflowService, 'getWorkflowExecutionHistory')
      .mockImplementation((...request: Parameters<typeof poll>) => {
        polls += 1;
        if (polls === 2) resolve();
        return poll(...request);
      });
  });
  await Promise.race([second, waiting]).finally(() => jest.restoreAllMocks());
}
