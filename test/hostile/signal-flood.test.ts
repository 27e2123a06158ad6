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

async function flood(handle: WorkflowHandle, count = signals): Promise<void> {
  for (let index = 0; index < count; index += 100) {
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
  await takesWhatIsGenuine(handle);
});

test.each(['up', 'down'])(
  'while Meta is %s and the worker is up, thousands of signals keep the number from nothing',
  async (meta) => {
    await startWorker();
    const number = meta === 'up' ? '15550780106' : '15550780107';
    const handle = await add(number);
    const { runId } = await handle.describe();
    if (meta === 'down')
      await laptop.sim.fault({ number, error: { status: 503, emptyBody: true }, times: null });
    await flood(handle, full ? signals : 300);
    await sendUnreadable(handle);
    await send(handle, 'reserve', { customerId: 'lucky-shrub' });
    await laptop.sim.clearFaults();
    if (full) while ((await handle.describe()).runId === runId) await setTimeout(50);
    await takesWhatIsGenuine(handle);
  },
);

/** The number is verified as ever, remembers little, and its worker ends when it must. */
async function takesWhatIsGenuine(handle: WorkflowHandle): Promise<void> {
  const number = handle.workflowId.slice('number:'.length);
  expect(await send(handle, 'requestCode', {})).toMatchObject({ state: 'CodeRequested' });
  const code = await laptop.sim.nextMessage(number);
  expect(await send(handle, 'submitCode', { code })).toMatchObject({ state: 'Verified' });
  const record = await read(handle);
  expect(record.reportedClaims.length).toBeLessThanOrEqual(10);
  expect(JSON.stringify(record).length).toBeLessThan(20_000);
  expect(await stopWorker()).toBeLessThan(grace + 10_000);
}

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
  { half, all }: { half: () => Promise<void>; all: () => Promise<void> },
): Promise<{ ends: Set<string>; genuine: number[] }> {
  const patient = { portfolioId, answerWithin: 300_000 };
  const [flooding, pool] = [1, 2].map(() => new NumberPool(laptop.connected.client, patient)) as [
    NumberPool,
    NumberPool,
  ];
  const one = () =>
    flooding.refresh(number).then(
      () => 'done',
      (error: unknown) => (error instanceof RefusedError ? error.type : String(error)),
    );
  const reserve = async () => {
    const begun = Date.now();
    const reservation = { customerId: 'lucky-shrub' };
    expect(await pool.reserve(number, reservation)).toMatchObject({ reservation });
    genuine.push(Date.now() - begun);
  };
  const sent: Promise<string>[] = [];
  const genuine: number[] = [];
  const reserved: Promise<void>[] = [];
  while (sent.length < updates) {
    sent.push(one(), one());
    await setTimeout(5);
    if (sent.length === updates / 2) await half();
    if (sent.length % (full ? 200 : 20) === 0) reserved.push(reserve());
  }
  await Promise.all(reserved);
  await all();
  return { ends: new Set(await Promise.all(sent)), genuine };
}

test.each([
  { meta: 'up', worker: 'up' },
  { meta: 'down', worker: 'up' },
  { meta: 'up', worker: 'down' },
])(
  'while Meta is $meta and the worker is $worker, updates that wait are answered, genuine ones are taken, and the run goes on in time',
  async ({ meta, worker: state }) => {
    await startWorker();
    const number = `1555078010${String(3 + Number(meta === 'down') + 2 * Number(state === 'down'))}`;
    const handle = await add(number);
    const { runId } = await handle.describe();
    if (meta === 'down')
      await laptop.sim.fault({
        call: 'get_preverified_number',
        number,
        error: { status: 503, emptyBody: true },
        times: null,
      });
    if (state === 'down') await stopWorker();
    const { ends, genuine } = await crowd(number, {
      half: async () => {
        if (state === 'down') await startWorker();
      },
      all: async () => {
        if (full) while ((await handle.describe()).runId === runId) await setTimeout(50);
        await laptop.sim.clearFaults();
      },
    });
    expect([...ends].filter((end) => end !== 'done' && end !== 'StillUnderWay')).toEqual([]);
    report(`with Meta ${meta} and the worker ${state}`, genuine);
    expect(await send(handle, 'refresh', {})).toMatchObject({ problem: null });
    expect(await stopWorker()).toBeLessThan(grace + 10_000);
  },
  900_000,
);

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
