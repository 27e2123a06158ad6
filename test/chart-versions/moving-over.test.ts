import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { createMachine, setup } from 'xstate';
import { ChartVersions } from '../../workflows/interpreter/chart-versions';
import { Interpreter } from '../../workflows/interpreter/interpreter';
import { charts } from '../../workflows/number/charts';
import { workflowBundle } from '../../worker/workflow-bundle';
import { phases } from '../chart/phases';
import { quiet } from '../support/quiet';
import { timeSkippingServer, type TestServer } from '../support/servers';

// Lives go on for months, and charts change meanwhile. A light of two versions shows how: one build that knows version 1
// alone is followed by one that knows both.

const HOUR = 60 * 60 * 1000;

describe('a life that moves over', () => {
  const light = (after: object) => createMachine({ id: 'm', initial: 'a', states: { a: { after }, b: {} } });

  test('keeps its timers at their times, loses those that are gone, and begins those that are new', () => {
    const before = light({ 1000: 'b', 5000: 'b' });
    const after = light({ 1000: 'b', 3000: 'b' });
    const versions = new ChartVersions({ 1: { chart: before }, 2: { chart: after } });
    const moved = versions.moveOver(new Interpreter(before).begin({ at: 0 }), { from: 1, to: 2, at: 500 });
    expect(Object.values(moved.timers).map(({ dueAt }) => dueAt)).toEqual([1000, 3500]);
    expect(new Interpreter(after).settle(moved, 1000).value).toBe('b');
  });

  test('begins a new timer whose delay has a name by what the life remembers, at the moment of the move', () => {
    const before = light({ 1000: 'b' });
    const after = setup({
      types: { context: {} as { hesitates: number } },
      delays: { hesitation: ({ context }) => context.hesitates, forEver: Infinity },
    }).createMachine({
      id: 'm',
      context: { hesitates: 700 },
      initial: 'a',
      states: { a: { after: { hesitation: 'b', forEver: 'b' } }, b: {} },
    });
    const versions = new ChartVersions({
      1: { chart: before },
      2: { chart: after, adapt: (life) => ({ ...life, context: { hesitates: 30 } }) },
    });
    const moved = versions.moveOver(new Interpreter(before).begin({ at: 0 }), { from: 1, to: 2, at: 500 });
    expect(Object.values(moved.timers).map(({ dueAt }) => dueAt)).toEqual([530]);
  });

  test('to a version that this worker does not know is not possible', () => {
    const { now, time } = phases['Verified.fresh']!();
    expect(() => charts.moveOver(now, { from: 1, to: 99, at: time })).toThrow('deploy a newer one');
  });
});

describe('on a real server', () => {
  let server: TestServer;
  let before: WorkflowBundle;
  let after: WorkflowBundle;
  beforeAll(async () => {
    quiet();
    [before, after] = await Promise.all([
      workflowBundle(undefined, require.resolve('./toy/before')),
      workflowBundle(undefined, require.resolve('./toy/after')),
    ]);
    server = await timeSkippingServer();
  }, 120_000);
  afterAll(() => server.close());

  /** A build at work; of builds that follow each other none keeps a workflow, for this server would go on asking it. */
  async function build<Result>(workflowBundle: WorkflowBundle, act: () => Promise<Result>): Promise<Result> {
    const { nativeConnection: connection } = server.env;
    const worker = await Worker.create({
      connection,
      taskQueue: 'lights',
      workflowBundle,
      maxCachedWorkflows: 0,
    });
    return worker.runUntil(act);
  }
  const start = () =>
    server.env.client.workflow.start('light', {
      workflowId: `light-${randomUUID()}`,
      taskQueue: 'lights',
      args: [{ version: 1 }],
    });
  type Light = Awaited<ReturnType<typeof start>>;
  const look = (light: Light) =>
    server.env.client.workflow.getHandle(light.workflowId).query<{ version: number; value: unknown }>('look');
  /** This server wakes no long poll: it is asked again. */
  async function untilMoved(light: Light): Promise<void> {
    const { client } = server.env;
    for (;;) {
      const { runId } = await client.workflow.getHandle(light.workflowId).describe();
      if (runId !== light.firstExecutionRunId) return;
      await setTimeout(50);
    }
  }

  test('a light goes on by version 1 under the new build until something happens, then by version 2, its timers at their times', async () => {
    const light = await build(before, async () => {
      const begun = await start();
      await begun.signal('ask');
      expect(await look(begun)).toMatchObject({ version: 1, value: 'red' });
      await server.env.sleep(6 * HOUR);
      return begun;
    });
    await build(after, async () => {
      // Replayed from its beginning by the new build, it stands where it stood.
      expect(await look(light)).toMatchObject({ version: 1, value: 'red', context: { asked: 1 } });
      await light.signal('ask');
      // As version 2 has it, with what it knew: asked twice.
      await untilMoved(light);
      expect(await look(light)).toMatchObject({
        version: 2,
        value: { red: 'steady' },
        context: { asked: 2 },
      });
      // The old timer ends when it would have, 24 hours after the light began, not after it moved over.
      await server.env.sleep(17.5 * HOUR);
      expect(await look(light)).toMatchObject({ value: { red: 'blinking' } });
      await server.env.sleep(HOUR);
      expect(await look(light)).toMatchObject({ value: 'green', context: { asked: 0 } });
    });
  }, 120_000);

  test('one that ends under the new build before anything else happens ends by version 1', async () => {
    const light = await build(before, async () => {
      const begun = await start();
      expect(await look(begun)).toMatchObject({ version: 1, value: 'red' });
      return begun;
    });
    await build(after, async () => {
      expect(await light.result()).toEqual({ version: 1, value: 'dark' });
    });
  }, 120_000);

  test('an old build does not touch a light of a version that it does not know', async () => {
    const { client } = server.env;
    const light = await client.workflow.start('light', {
      workflowId: `light-${randomUUID()}`,
      taskQueue: 'lights',
      args: [{ version: 2 }],
    });
    await build(before, async () => {
      for (;;) {
        const { events } = await light.fetchHistory();
        const failed = events?.find(({ workflowTaskFailedEventAttributes: task }) => task);
        if (failed) {
          const { failure } = failed.workflowTaskFailedEventAttributes!;
          const { data } = failure!.encodedAttributes!;
          expect(Buffer.from(data!).toString()).toMatch('deploy a newer one');
          break;
        }
        await setTimeout(50);
      }
    });
    await build(after, async () => {
      expect(await look(light)).toMatchObject({ version: 2, value: { red: 'steady' } });
      await light.terminate();
    });
  }, 120_000);
});
