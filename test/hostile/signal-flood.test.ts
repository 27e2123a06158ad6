import { setTimeout } from 'node:timers/promises';
import { Client, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { auditNumber } from '../../audit';
import { NumberPool, RefusedError } from '../../client';
import type { NumberRecord } from '../../contract/number-record';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { workflowIdOf } from '../../contract/workflow-ids';
import { needs, readSettings } from '../../settings';
import { connect } from '../../temporal/connect';
import { dataConverter } from '../../temporal/data-converter';
import { Laptop, portfolioId } from '../worker/fixtures/laptop';
import { WorkerProcess } from '../worker/fixtures/worker-process';

/** `FLOOD=full npm test -- test/hostile/signal-flood.test.ts` sends what Temporal lets one run take. */
const full = process.env['FLOOD'] === 'full';
const signals = full ? 9_900 : 2_400;
const updates = full ? 3_000 : 60;

let laptop: Laptop;
let worker: WorkerProcess;
const grace = 2_000;
const startWorker = async () => {
  worker = new WorkerProcess({ ...laptop.env, SHUTDOWN_GRACE: `${String(grace)}ms` });
  await worker.ready();
};
/** SIGTERM, and how long the worker took to end. */
const stopWorker = async () => {
  const begun = Date.now();
  worker.signal('SIGTERM');
  expect((await worker.ended()).code).toBe(0);
  return Date.now() - begun;
};

beforeAll(async () => {
  laptop = await Laptop.start();
});
afterAll(() => laptop.close());

const automation = { requestCode: false, reverify: false, register: false };
async function add(digits: string): Promise<WorkflowHandle> {
  const handle = await laptop.connected.client.workflow.start('numberLifecycle', {
    taskQueue: NUMBERS_TASK_QUEUE,
    workflowId: workflowIdOf(digits),
    args: [{ phoneNumber: digits, portfolioId, automation }],
  });
  // Its answer is what a person would wait for; `refresh` is refused until Meta has added the number.
  while (typeof (await send(handle, 'refresh', {})) === 'string') await setTimeout(50);
  return handle;
}

/** Sends an update; gives the record back, or the type of the refusal. */
async function send(handle: WorkflowHandle, name: string, payload: object): Promise<NumberRecord | string> {
  try {
    return await handle.executeUpdate<NumberRecord, [object]>(name, { args: [payload] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
      return error.cause.type ?? '';
    throw error;
  }
}

const kinds: ((index: number) => [string, object])[] = [
  (index) => ['CANCEL', { step: index }],
  (index) => ['release', { customerId: `nobody ${String(index)}` }],
  (index) => ['claim', { wabaId: `9${String(index)}`, source: 'a flood' }],
  (index) => ['share', { partnerBusinessId: `9${String(index)}` }],
  (index) => ['submitCode', { code: String(index).padStart(6, '0') }],
  (index) => ['receiveCode', { text: `WhatsApp code ${String(index).padStart(6, '0')}` }],
];

async function flood(handle: WorkflowHandle): Promise<void> {
  for (let index = 0; index < signals; index += 100) {
    const some = Array.from({ length: 100 }, (_, next) => kinds[next % kinds.length]!(index + next));
    await Promise.all(some.map(([name, payload]) => handle.signal(name, payload)));
  }
}

/** Signals that no worker can read: no JSON, and a key that the pool does not have. */
async function sendUnreadable(handle: WorkflowHandle): Promise<void> {
  const { client } = laptop.connected;
  await client.workflowService.signalWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId },
    signalName: 'release',
    input: { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') }] },
  });
  const env = { ...laptop.env, PAYLOAD_KEYS: `old:${Buffer.alloc(32, 1).toString('base64')}` };
  const foreign = await connect(readSettings(needs.client, env));
  await foreign.client.workflow.getHandle(handle.workflowId).signal('release', {});
  await foreign.close();
}

test('a worker survives thousands of signals that came while it was down, says so, and the number takes what is genuine', async () => {
  await startWorker();
  const handle = await add('15550780101');
  await stopWorker();
  const first = (await handle.describe()).runId;
  await flood(handle);
  await sendUnreadable(handle);
  await startWorker();
  await worker.logs('+15550780101 received more signals at once than one task takes');
  while ((await handle.describe()).runId === first) await setTimeout(50);
  expect(await send(handle, 'requestCode', {})).toMatchObject({ state: 'CodeRequested' });
  const code = await laptop.sim.nextMessage('15550780101');
  expect(await send(handle, 'submitCode', { code })).toMatchObject({ state: 'Verified' });
  const record = await read(handle);
  expect(record.reportedClaims.length).toBeLessThanOrEqual(10);
  expect(JSON.stringify(record).length).toBeLessThan(20_000);
  expect(await stopWorker()).toBeLessThan(grace + 10_000);
});

test('a signal that cannot be read is refused, in every replay alike, and the next one is acted on', async () => {
  await startWorker();
  const handle = await add('15550780102');
  await sendUnreadable(handle);
  expect((await read(handle)).lastRefusal).toMatchObject({
    name: 'release',
    type: 'InvalidMessage',
    message: expect.stringContaining('encrypted with the key old') as string,
  });
  expect(await send(handle, 'reserve', { customerId: 'lucky-shrub' })).toMatchObject({
    reservation: { customerId: 'lucky-shrub' },
  });
  await stopWorker();

  // A worker that has got the key decides as the first one did.
  const keys = `${laptop.env['PAYLOAD_KEYS'] ?? ''},old:${Buffer.alloc(32, 1).toString('base64')}`;
  worker = new WorkerProcess({ ...laptop.env, PAYLOAD_KEYS: keys });
  await worker.ready();
  expect(await send(handle, 'release', {})).toMatchObject({ reservation: null });
  await stopWorker();

  const { client } = laptop.connected;
  const reading = new Client({
    connection: client.connection,
    dataConverter: dataConverter(readSettings(needs.client, laptop.env), { unknownKey: 'leave' }),
  });
  const audit = await auditNumber(reading, '15550780102');
  expect(audit.runs.map(({ findings, unreadable }) => ({ findings, unreadable }))).toEqual(
    audit.runs.map(() => ({ findings: [], unreadable: null })),
  );
});

/** Updates from one process, while another one asks for what a customer waits for; says how long that took, in ms. */
async function crowd(
  number: string,
  one: () => Promise<NumberRecord | string>,
): Promise<{ ends: Set<string>; genuine: number[] }> {
  await laptop.sim.fault({
    call: 'get_preverified_number',
    number,
    error: { status: 503, emptyBody: true },
    times: null,
  });
  const handle = laptop.connected.client.workflow.getHandle(workflowIdOf(number));
  const first = (await handle.describe()).runId;
  const pool = new NumberPool(laptop.connected.client, { portfolioId });
  const sent: Promise<NumberRecord | string>[] = [];
  const genuine: number[] = [];
  while (sent.length < updates) {
    sent.push(one(), one());
    await setTimeout(5);
    if (sent.length % (full ? 200 : 20) !== 0) continue;
    const begun = Date.now();
    expect(await pool.reserve(number, { customerId: 'lucky-shrub' })).toMatchObject({
      reservation: { customerId: 'lucky-shrub' },
    });
    genuine.push(Date.now() - begun);
  }
  if (full) while ((await handle.describe()).runId === first) await setTimeout(50);
  await laptop.sim.clearFaults();
  const ends = new Set((await Promise.all(sent)).map((end) => (typeof end === 'string' ? end : 'done')));
  expect(await pool.refresh(number)).toMatchObject({ problem: null });
  return { ends, genuine };
}

test('while Meta is down, updates that wait are answered, genuine ones are taken, and the run goes on in time', async () => {
  await startWorker();
  await add('15550780103');
  const flooding = new NumberPool(laptop.connected.client, { portfolioId, answerWithin: 300_000 });
  const { ends, genuine } = await crowd('15550780103', () =>
    flooding
      .refresh('15550780103')
      .catch((error: unknown) => (error instanceof RefusedError ? error.type : String(error))),
  );
  expect([...ends].toSorted()).toEqual(['StillUnderWay', 'done']);
  report('by NumberPool', genuine);
  expect(await stopWorker()).toBeLessThan(grace + 10_000);
}, 900_000);

const report = (how: string, genuine: number[]) => {
  const ordered = genuine.toSorted((one, other) => one - other);
  process.stderr.write(
    `hostile: ${String(updates)} updates ${how}: a reservation amid them took ${String(ordered[ordered.length >> 1])} ms, ${String(ordered.at(-1))} at most\n`,
  );
};

/** A query may have to be asked again right after a run was loaded. */
async function read(handle: WorkflowHandle): Promise<NumberRecord> {
  for (;;) {
    try {
      return await handle.query<NumberRecord>('getNumber');
    } catch (error) {
      if (!String(error).includes('ask again')) throw error;
      await setTimeout(200);
    }
  }
}
