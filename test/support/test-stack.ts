import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  WorkflowUpdateFailedError,
  type Client,
  type WorkflowHandleWithFirstExecutionRunId,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  Worker,
  type ActivityInterceptorsFactory,
  type WorkerOptions,
  type WorkflowBundle,
} from '@temporalio/worker';
import { createNumberActivities } from '../../activities';
import { createGraphClient, type GraphClient } from '../../activities/graph';
import { createReconcileGraphActivities } from '../../activities/reconcile/graph-activities';
import type { ReconcileActivities } from '../../contract/reconcile-activities';
import { dataConverter } from '../../temporal/data-converter';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { workflowBundle } from '../../worker/workflow-bundle';
import { latestChartVersion } from '../../contract/chart-version';
import type { NumberStartInput } from '../../contract/number-start';
import type { MessageName, MessagePayload } from '../../contract/messages';
import { finalStates, type NumberRecord } from '../../contract/number-record';
import { GRAPH_TASK_QUEUE, NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { SimulatorClient } from '../../simulator/client';
import { ownDevServer, timeSkippingServer, type TestServer } from './servers';
import { SkippingClock } from './skipping-clock';

export const DAY = 24 * 60 * 60 * 1000;
export const portfolioId = '506914307656634';

export const accessToken = 'a-token';

const inClear = dataConverter({ payloads: { keys: [] } });
/** Not this machine's name, which would stand in every history. */
const identity = 'test';

/** What a test brings along. */
export interface StackParts {
  /** The workflows of another build; this one's by default. */
  workflows?: WorkflowBundle;
  /** The version of the chart with which numbers begin; the latest by default. */
  chartVersion?: number;
  /** What a reconciliation asks of Temporal: the time-skipping server has no list to answer from. */
  local?: (client: Client) => ReconcileActivities;
  /** Activities of customers' workflows: of the numbers' task queue, and those that call Meta. */
  customers?: (client: Client, graph: GraphClient) => { numbers: object; calls: object };
  /** Around every call to Meta. */
  interceptors?: (client: Client, sim: SimulatorClient) => ActivityInterceptorsFactory[];
}

/** Real Temporal server, real worker, simulator over HTTP. */
export class TestStack {
  private constructor(
    readonly client: Client,
    readonly sim: SimulatorClient,
    private readonly ends: (() => Promise<unknown>)[],
    readonly env: TestWorkflowEnvironment,
    private readonly clock: SkippingClock,
    /** Ends the worker of the numbers' workflows and starts one with those of another build. */
    readonly deploy: (workflows: WorkflowBundle) => Promise<void>,
    private readonly chartVersion: number,
  ) {}

  /** A stack in which months pass in moments. */
  static async skippingTime(options: SimulatorOptions = {}, parts: StackParts = {}): Promise<TestStack> {
    return TestStack.#on(await timeSkippingServer({ dataConverter: inClear, identity }), options, parts);
  }

  /** A stack by real time, whose server suggests a new run to a workflow with so many events. */
  static async suggestingNewRuns(events: number): Promise<TestStack> {
    const dynamicConfig = { 'limit.historyCount.suggestContinueAsNew': events };
    return TestStack.#on(await ownDevServer({ dynamicConfig }, { dataConverter: inClear, identity }));
  }

  static async #on(
    { env, close }: TestServer,
    options: SimulatorOptions = {},
    parts: StackParts = {},
  ): Promise<TestStack> {
    const { client, nativeConnection: connection } = env;
    const clock = new SkippingClock();
    clock.reach(await env.currentTimeMs());
    const simulator: Simulator = await startSimulator({ now: clock.now, ...options });
    const sim = new SimulatorClient(simulator.url);
    const graph = createGraphClient({ baseUrl: simulator.url, version: 'v24.0', accessToken });
    const customers = parts.customers?.(client, graph);
    const start = async (options: Omit<WorkerOptions, 'connection' | 'dataConverter' | 'identity'>) => {
      const worker = await Worker.create({ connection, dataConverter: inClear, identity, ...options });
      const run = worker.run();
      return async () => {
        worker.shutdown();
        await run;
      };
    };
    const startNumbers = (workflows: WorkflowBundle) =>
      start({
        taskQueue: NUMBERS_TASK_QUEUE,
        workflowBundle: workflows,
        activities: { ...parts.local?.(client), ...customers?.numbers },
        // Of workers that follow each other none keeps a workflow: this server would go on asking one that is gone.
        ...(parts.workflows && { maxCachedWorkflows: 0 }),
      });
    let stopNumbers = await startNumbers(parts.workflows ?? (await workflowBundle()));
    const stopCalls = await start({
      taskQueue: GRAPH_TASK_QUEUE,
      activities: {
        ...createNumberActivities({ graph, policyDay: options.day ?? DAY }),
        ...createReconcileGraphActivities(graph),
        ...customers?.calls,
      },
      interceptors: { activity: [clock.interceptor, ...(parts.interceptors?.(client, sim) ?? [])] },
    });
    const deploy = async (workflows: WorkflowBundle) => {
      await stopNumbers();
      stopNumbers = await startNumbers(workflows);
    };
    const stop = async () => {
      await Promise.all([stopNumbers(), stopCalls()]);
      await simulator.close();
    };
    return new TestStack(
      client,
      sim,
      [stop, close],
      env,
      clock,
      deploy,
      parts.chartVersion ?? latestChartVersion,
    );
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
      args: [{ phoneNumber: digits, portfolioId, chartVersion: this.chartVersion, ...start }],
    });
    return new TestNumber(this, handle, digits);
  }

  now(): Promise<number> {
    return this.env.currentTimeMs();
  }

  /** For the time-skipping server: takes back one hold on its clock. */
  async letClockGo(): Promise<void> {
    await this.env.connection.testService?.unlockTimeSkipping({});
  }

  /** Lets time pass at Temporal and at Meta alike. */
  async pass(span: number): Promise<void> {
    await this.env.sleep(span);
    await this.syncClock();
  }

  async passUntil(moment: number): Promise<void> {
    const span = moment - (await this.now());
    if (span > 0) await this.pass(span);
  }

  async syncClock(): Promise<void> {
    this.clock.reach(await this.now());
  }
}

/** One number, driven as a service would. */
export class TestNumber {
  constructor(
    private readonly stack: TestStack,
    readonly handle: WorkflowHandleWithFirstExecutionRunId,
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
    return this.send('submitCode', { code: await this.stack.sim.nextMessage(this.digits) });
  }

  /** A customer takes the number, and somebody reports it. */
  async takenBy(wabaId: string) {
    const { preverifiedId } = await this.get();
    const { phoneNumberId } = await this.stack.sim.claim(preverifiedId ?? '', wabaId);
    return this.send('claim', { wabaId, phoneNumberId, source: 'test' });
  }

  /** Waits until the number is there. The time-skipping server wakes no long poll, so the number is asked again. */
  async until(wanted: string): Promise<NumberRecord> {
    const hangs = Date.now() + 240_000;
    for (;;) {
      const record = await this.get();
      const at = record.phase ? `${record.state}.${record.phase}` : record.state;
      if (at === wanted || record.state === wanted) return record;
      if (finalStates.includes(record.state) || Date.now() > hangs)
        throw new Error(`+${this.digits} came to ${at}, not to ${wanted}`);
      await setTimeout(10);
    }
  }
}
