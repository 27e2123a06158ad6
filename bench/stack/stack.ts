import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { NumberPool, type PoolOptions } from '../../client';
import { connect, type Connected } from '../../temporal/connect';
import { needs, readSettings } from '../../settings';
import { Customers } from './customers';
import { MeasuredProcess, usage } from './measured-process';
import type { BenchServer } from './server';

export const portfolioId = '506914307656634';
export const source = 'bench';

/** A pool whose updates may wait for a call that died with its worker, on a slow machine. */
export const poolOf = (client: Client, defaults: PoolOptions['defaults'] = {}) =>
  new NumberPool(client, { portfolioId, by: source, answerWithin: 300_000, defaults });

export interface StackOptions {
  /** With the namespaces that are used. */
  server: BenchServer;
  /** Settings of workers that differ from those of a bench. */
  env?: Readonly<Record<string, string>>;
}

/** Milliseconds of CPU of each side of a bench. */
export interface Cpu {
  server: number;
  simulator: number;
  /** This process: clients and customers. */
  driver: number;
}

/** Temporal, Meta and the customers; workers are added to it. All payloads are encrypted, as in production. */
export class BenchStack {
  readonly customers: Customers;
  readonly #key = `bench:${randomBytes(32).toString('base64')}`;
  readonly #stops: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly server: BenchServer,
    private readonly simulator: MeasuredProcess<{ url: string }>,
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    this.customers = new Customers(simulator.ready.url);
    this.#stops.push(
      () => server.stop(),
      () => simulator.stop(),
      () => this.customers.close(),
    );
  }

  static async start({ server, env = {} }: StackOptions): Promise<BenchStack> {
    const simulator = await MeasuredProcess.start<{ url: string }>(path.join(__dirname, 'simulator.js'), env);
    return new BenchStack(server, simulator, env);
  }

  /** What a worker or client of the namespace reads from its environment. */
  env(namespace: string): Record<string, string> {
    return {
      TEMPORAL_ADDRESS: this.server.address,
      TEMPORAL_NAMESPACE: namespace,
      // No setting of the user's own must slip in; a file that is not there counts as empty.
      TEMPORAL_CONFIG_FILE: path.resolve('.local/no-temporal-configuration.toml'),
      GRAPH_API_URL: this.simulator.ready.url,
      GRAPH_ACCESS_TOKEN: 'the-simulator-takes-any',
      // The most that the worker takes: Meta's limit is not what is measured.
      GRAPH_CALLS_PER_SECOND: '1000',
      // Numbers alone are measured.
      CUSTOMERS: 'off',
      PAYLOAD_KEYS: this.#key,
      LOG_LEVEL: 'error',
      SHUTDOWN_GRACE: '1s',
      ...this.settings,
    };
  }

  /** A client of a namespace of the server's. */
  async namespace(name: string): Promise<Connected> {
    const own = await connect(readSettings(needs.client, this.env(name)));
    this.#stops.push(() => own.close());
    return own;
  }

  /** A worker process of a namespace. @param workflowsPath other workflows than the numbers' @param env settings of its own */
  async worker(
    namespace: string,
    workflowsPath?: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<MeasuredProcess<null>> {
    const worker = await MeasuredProcess.start<null>(path.join(__dirname, 'worker.js'), {
      ...this.env(namespace),
      ...env,
      ...(workflowsPath !== undefined && { BENCH_WORKFLOWS: workflowsPath }),
    });
    this.#stops.push(() => worker.stop());
    return worker;
  }

  /** A gateway process of a namespace. @param env its secrets */
  async gateway(
    namespace: string,
    env: Readonly<Record<string, string>>,
  ): Promise<MeasuredProcess<{ url: string }>> {
    const gateway = await MeasuredProcess.start<{ url: string }>(path.join(__dirname, 'gateway.js'), {
      ...this.env(namespace),
      GATEWAY_PORT: '0',
      GATEWAY_REQUESTS_PER_SECOND: '1000',
      ...env,
    });
    this.#stops.push(() => gateway.stop());
    return gateway;
  }

  /** So far, from the beginning of each process. */
  async cpu(): Promise<Cpu> {
    return {
      server: await this.server.cpu(),
      simulator: (await this.simulator.usage()).cpu,
      driver: usage().cpu,
    };
  }

  async stop(): Promise<void> {
    for (const end of this.#stops.splice(0).reverse()) await end();
  }
}
