import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { WorkflowUpdateFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker, type NativeConnection } from '@temporalio/worker';
import { createNumberActivities } from '../../activities';
import { createGraphClient } from '../../activities/graph';
import { dataConverter } from '../../client/connection/data-converter';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { workflowBundle } from '../../worker/workflow-bundle';
import { searchAttributes } from '../../workflows/lifecycle/search-attributes';
import { latestChartVersion } from '../../workflows/lifecycle/charts';
import type { NumberStartInput } from '../../workflows/lifecycle/start';
import type { MessageName, MessagePayload } from '../../workflows/messages';
import { finalStates, type NumberRecord } from '../../workflows/record';
import { GRAPH_TASK_QUEUE, NUMBERS_TASK_QUEUE } from '../../workflows/task-queues';
import { SimulatorControl } from './phone';

export const DAY = 24 * 60 * 60 * 1000;
export const portfolioId = '506914307656634';

const inClear = dataConverter({ payloads: { keys: [] } });

/** Real Temporal server, real worker, simulator over HTTP. */
export class World {
  private constructor(
    readonly client: Client,
    readonly sim: SimulatorControl,
    private readonly ends: (() => Promise<unknown>)[],
    /** Only on the time-skipping server. */
    readonly env: TestWorkflowEnvironment | null,
  ) {}

  /** A world in which months pass in moments. */
  static async skippingTime(options: SimulatorOptions = {}): Promise<World> {
    quiet();
    const path = process.env['TEMPORAL_TEST_SERVER_PATH'];
    const env = await TestWorkflowEnvironment.createTimeSkipping({
      client: { dataConverter: inClear },
      ...(path && { server: { executable: { type: 'existing-path', path } } }),
    });
    await env.client.connection.operatorService.addSearchAttributes({
      namespace: env.client.options.namespace,
      searchAttributes: Object.fromEntries(
        Object.entries(searchAttributes).map(([name, { type }]) => [
          name,
          typeNumbers[type as keyof typeof typeNumbers],
        ]),
      ),
    });
    const world = await World.#with(env.client, env.nativeConnection, options, env);
    world.ends.push(() => env.teardown());
    await world.syncClock();
    return world;
  }

  static async #with(
    client: Client,
    connection: NativeConnection,
    options: SimulatorOptions,
    env: TestWorkflowEnvironment | null,
  ): Promise<World> {
    const simulator: Simulator = await startSimulator(options);
    const graph = createGraphClient({ baseUrl: simulator.url, version: 'v24.0', accessToken: 'a-token' });
    const workers = await Promise.all([
      Worker.create({
        connection,
        dataConverter: inClear,
        taskQueue: NUMBERS_TASK_QUEUE,
        workflowBundle: await workflowBundle(),
      }),
      Worker.create({
        connection,
        dataConverter: inClear,
        taskQueue: GRAPH_TASK_QUEUE,
        activities: createNumberActivities({ graph, policyDay: options.day ?? DAY }),
      }),
    ]);
    const runs = workers.map((worker) => worker.run());
    const stop = async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
      await simulator.close();
    };
    return new World(client, new SimulatorControl(simulator.url), [stop], env);
  }

  async close(): Promise<void> {
    for (const end of this.ends) await end();
  }

  /** Starts a number of its own. */
  async add(start: Partial<NumberStartInput> = {}): Promise<TestNumber> {
    const digits = start.phoneNumber ?? `1555${String(randomInt(10_000_000)).padStart(7, '0')}`;
    const handle = await this.client.workflow.start('numberLifecycle', {
      taskQueue: NUMBERS_TASK_QUEUE,
      workflowId: `number:${digits}`,
      args: [{ phoneNumber: digits, portfolioId, chartVersion: latestChartVersion, ...start }],
    });
    return new TestNumber(this, handle, digits);
  }

  async now(): Promise<number> {
    return this.env ? this.env.currentTimeMs() : Date.now();
  }

  /** Lets time pass at Temporal and at Meta alike. */
  async pass(span: number): Promise<void> {
    await this.env?.sleep(span);
    await this.syncClock();
  }

  async passUntil(moment: number): Promise<void> {
    const span = moment - (await this.now());
    if (span > 0) await this.pass(span);
  }

  async syncClock(): Promise<void> {
    await this.sim.setClock(await this.now());
  }
}

/** One number, driven as a service would. */
export class TestNumber {
  constructor(
    private readonly world: World,
    readonly handle: WorkflowHandle,
    readonly digits: string,
  ) {}

  get(): Promise<NumberRecord> {
    return this.handle.query<NumberRecord>('getNumber');
  }

  async state(): Promise<string> {
    const { state, phase } = await this.get();
    return phase ? `${state}.${phase}` : state;
  }

  /** Sends an update; gives its answer back, or the refusal. */
  async send<Name extends MessageName>(
    name: Name,
    payload: MessagePayload<Name>,
  ): Promise<NumberRecord | { refused: string; message: string }> {
    try {
      return await this.handle.executeUpdate<NumberRecord, [unknown]>(name, { args: [payload] });
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
        return { refused: error.cause.type ?? '', message: error.cause.message };
      }
      throw error;
    }
  }

  signal<Name extends MessageName>(name: Name, payload: MessagePayload<Name>): Promise<void> {
    return this.handle.signal(name, payload);
  }

  /** Hands in the code that the number receives next. */
  async handInCode() {
    return this.send('submitCode', { code: await this.world.sim.nextMessage(this.digits) });
  }

  /** From Added to Verified. */
  async verify() {
    return this.handInCode();
  }

  /** A customer takes the number, and somebody tells. */
  async takenBy(wabaId: string) {
    const { preverifiedId } = await this.get();
    const { phoneNumberId } = await this.world.sim.claim(preverifiedId ?? '', wabaId);
    return this.send('claim', { wabaId, phoneNumberId, source: 'test' });
  }

  /** Waits until the number is there. The time-skipping server wakes no long poll, so the number is asked again. */
  async until(wanted: string): Promise<NumberRecord> {
    for (;;) {
      const record = await this.get();
      const at = record.phase ? `${record.state}.${record.phase}` : record.state;
      if (at === wanted || record.state === wanted) return record;
      if (finalStates.includes(record.state))
        throw new Error(`+${this.digits} ended as ${at}, not as ${wanted}`);
      await setTimeout(10);
    }
  }
}

/** The numbers of Temporal's own enum (`IndexedValueType`). */
const typeNumbers: Record<'KEYWORD' | 'DATETIME', number> = { KEYWORD: 2, DATETIME: 6 };

let quieted = false;
function quiet(): void {
  if (quieted) return;
  quieted = true;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
}
