import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { Laptop } from './fixtures/laptop';
import { WorkerProcess } from './fixtures/worker-process';

const { EventType } = temporal.api.enums.v1;

let laptop: Laptop;
beforeAll(async () => {
  laptop = await Laptop.start();
});
afterAll(() => laptop.close());

async function countEvents(handle: WorkflowHandle, type: temporal.api.enums.v1.EventType): Promise<number> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter(({ eventType }) => eventType === type).length;
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s the call to Meta that is under way ends and is kept',
  async (signal) => {
    const digits = signal === 'SIGTERM' ? '15550783881' : '15550783882';
    const worker = new WorkerProcess({ ...laptop.env, LOG_LEVEL: 'info' });
    await worker.ready();
    await laptop.sim.fault({ call: 'add_phone_numbers', number: digits, barrier: signal });
    const handle = await laptop.start(digits);
    await laptop.sim.arrived(signal);

    worker.signal(signal);
    await worker.logs('"state":"DRAINING"');
    await laptop.sim.release(signal);

    expect((await worker.ended()).code).toBe(0);
    expect(await countEvents(handle, EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED)).toBe(1);
    const calls = await laptop.sim.calls({ call: 'add_phone_numbers', number: digits });
    expect(calls).toHaveLength(1);
    await handle.terminate();
  },
);

test('a call that does not end within SHUTDOWN_GRACE is given up, and the next worker goes on', async () => {
  const digits = '15550783883';
  const worker = new WorkerProcess({ ...laptop.env, SHUTDOWN_GRACE: '500ms' });
  await worker.ready();
  await laptop.sim.fault({ call: 'add_phone_numbers', number: digits, barrier: 'never' });
  const handle = await laptop.start(digits);
  await laptop.sim.arrived('never');
  worker.signal('SIGTERM');
  expect((await worker.ended()).code).toBe(0);
  expect(await countEvents(handle, EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED)).toBe(0);

  const next = new WorkerProcess(laptop.env);
  await next.ready();
  expect(await laptop.sim.nextMessage(digits)).toMatch(/\d{3}-\d{3}/);
  next.signal('SIGTERM');
  expect((await next.ended()).code).toBe(0);
});
