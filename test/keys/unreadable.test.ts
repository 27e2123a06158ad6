import { connect } from '../../temporal/connect';
import { needs, readSettings } from '../../settings';
import { ensureSchedule } from '../../client/reconcile/schedule';
import { addNumber } from '../../client/pool/add';
import { auditNumber } from '../../audit';
import type { PortfolioId } from '../../contract/ids';
import { WorkerProcess } from '../worker/fixtures/worker-process';
import { KeyPool, newKey, portfolioId } from './key-pool';

const [right, foreign] = [newKey('k1'), newKey('old')];
const foreignNumber = '15550782001';
const number = '15550782002';

let pool: KeyPool;
let worker: WorkerProcess;
beforeAll(async () => {
  pool = await KeyPool.start();
  // As a client writes that knows nothing of the pool's keys, of another language perhaps.
  const { client, close } = await connect(readSettings(needs.client, pool.env(foreign)));
  await addNumber(client, foreignNumber, { portfolioId, by: 'a stale shell' });
  await ensureSchedule(client, portfolioId as PortfolioId);
  await client.workflow.start('monitorPool', {
    workflowId: `monitor:${portfolioId}`,
    taskQueue: 'preverified-numbers',
    args: [{ portfolioId }],
    staticSummary: 'Checks the pool',
  });
  await close();
  worker = new WorkerProcess({ ...pool.env(right), LOG_LEVEL: 'warn' });
  await worker.ready();
});
afterAll(async () => {
  worker.signal('SIGTERM');
  await worker.ended();
  await pool.close();
});

test('a number of a foreign key stands as a row that names the key, and hinders no other', async () => {
  await pool.asClient(right, async (client) => {
    await client.add(number, { automation: { requestCode: false } });
    await client.waitUntil(number, ({ phase }) => phase === 'waiting');
    const listed: unknown[] = [];
    for (;;) {
      listed.length = 0;
      for await (const { phoneNumber, unreadable } of client.list()) listed.push({ phoneNumber, unreadable });
      if (listed.length === 2) break;
    }
    expect(listed).toContainEqual({ phoneNumber: foreignNumber, unreadable: 'old' });
    expect(listed).toContainEqual({ phoneNumber: number, unreadable: null });
    await expect(client.get(foreignNumber)).rejects.toMatchObject({
      type: 'Unreadable',
      message: expect.stringContaining('encrypted with the key old'),
    });
    const audit = await auditNumber(client.client, foreignNumber);
    expect(audit.agrees).toBe(false);
    expect(audit.runs[0]?.rows[0]).toMatchObject({ what: 'started', detail: 'encrypted (key old)' });
  });
});

test('the worker that cannot take a number up names the key in its log', async () => {
  await worker.logs(
    'A payload was encrypted with the key old, which is not among PAYLOAD_KEYS of the worker: add it there',
  );
});

test('a schedule and workflows of a foreign key are written anew by a right worker, which says so', async () => {
  const { client, close } = await connect(readSettings(needs.client, pool.env(right)));
  const { action } = await client.schedule.getHandle(`reconcile:${portfolioId}`).describe();
  expect(action).toMatchObject({ args: [{ portfolioId }] });
  const monitor = client.workflow.getHandle(`monitor:${portfolioId}`);
  expect((await monitor.describe()).status.name).toBe('TERMINATED');
  await close();
  await worker.logs(`The schedule reconcile:${portfolioId} was encrypted with the key old`);
  await worker.logs(`The workflow monitor:${portfolioId} was encrypted with the key old`);
});

test('a worker with a wrong key ends with what to do, and does not hang', async () => {
  const wrong = new WorkerProcess({ ...pool.env(foreign), LOG_LEVEL: 'error' });
  expect(await wrong.ended()).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /^This worker must not start: the pool is encrypted with the key k1, and PAYLOAD_KEYS has only old: [^\n]*$/,
    ),
  });
});
