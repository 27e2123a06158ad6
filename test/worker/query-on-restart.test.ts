import { setTimeout } from 'node:timers/promises';
import { getRecord } from '../../client/pool/get';
import { Laptop } from './fixtures/laptop';
import { WorkerProcess } from './fixtures/worker-process';

const TTL = 30 * 60 * 1000;

let laptop: Laptop;
beforeAll(async () => {
  laptop = await Laptop.start();
});
afterAll(() => laptop.close());

test('a query that waits for a worker does not make the number act on what came after it by an old clock', async () => {
  const numbers = Array.from({ length: 10 }, (_, index) => `1555078${String(3880 + index)}`);
  const worker = new WorkerProcess(laptop.env);
  await worker.ready();
  const handles = await Promise.all(numbers.map((digits) => laptop.start(digits)));
  await Promise.all(numbers.map((digits) => laptop.sim.nextMessage(digits)));
  worker.signal('SIGTERM');
  await worker.ended();

  const { client } = laptop.connected;
  const asked = Promise.all(numbers.map((digits) => getRecord(client, digits, 60_000)));
  // Nothing tells that the queries wait at Temporal; from then on there is more to know than they ask about.
  await setTimeout(2_000);
  const sentAt = Date.now();
  await Promise.all(
    handles.map((handle) => handle.signal('reserve', { customerId: 'c-1', ttl: '30 minutes' })),
  );
  const next = new WorkerProcess(laptop.env);
  await next.ready();
  await asked;

  for (const handle of handles) {
    const { reservation } = await getRecord(client, handle.workflowId.slice('number:'.length), 30_000);
    expect(Date.parse(reservation?.until ?? '') - TTL).toBeGreaterThanOrEqual(sentAt);
  }
});
