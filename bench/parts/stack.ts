import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { msToTs } from '@temporalio/common/lib/time';
import { connect, type Connected } from '../../client/connection/connect';
import { createSearchAttributes } from '../../client/connection/namespace';
import { needs, readSettings } from '../../client/settings';
import { startDevServer, type DevServer } from '../../scripts/stack/dev-server';
import { cpuOf } from './cpu-of';
import { Customers } from './customers';
import { Part, usage } from './part';

export const portfolioId = '506914307656634';

export interface StackOptions {
  cli: string;
  /** A Temporal server that runs already, such as `127.0.0.1:7233`; else a development server is started. */
  address?: string;
  /** Where a development server keeps everything; in memory by default. */
  file?: string;
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
    readonly address: string,
    private readonly server: DevServer | null,
    private readonly simulator: Part<{ url: string }>,
  ) {
    this.customers = new Customers(simulator.ready.url);
    this.#stops.push(
      () => server?.stop() ?? Promise.resolve(),
      () => simulator.stop(),
      () => this.customers.close(),
    );
  }

  static async start({ cli, address, file }: StackOptions): Promise<BenchStack> {
    const server =
      address === undefined
        ? await startDevServer({ cli, uiPort: null, ...(file !== undefined && { file }) })
        : null;
    const simulator = await Part.start<{ url: string }>(path.join(__dirname, 'simulator.js'));
    return new BenchStack(server?.address ?? address ?? '', server, simulator);
  }

  /** What a worker or client of the namespace reads from its environment. */
  env(namespace: string): Record<string, string> {
    return {
      TEMPORAL_ADDRESS: this.address,
      TEMPORAL_NAMESPACE: namespace,
      // No setting of the user's own must slip in; a file that is not there counts as empty.
      TEMPORAL_CONFIG_FILE: path.resolve('.local/no-temporal-configuration.toml'),
      GRAPH_API_URL: this.simulator.ready.url,
      GRAPH_ACCESS_TOKEN: 'the-simulator-takes-any',
      // The most that the worker takes: Meta's limit is not what is measured.
      GRAPH_CALLS_PER_SECOND: '1000',
      PAYLOAD_KEYS: this.#key,
      LOG_LEVEL: 'error',
      SHUTDOWN_GRACE: '1s',
    };
  }

  /** A client of a namespace of its own, which comes into being with its search attributes. */
  async namespace(name: string): Promise<Connected> {
    const connected = await connect(readSettings(needs.client, this.env('default')));
    await connected.connection.workflowService
      .registerNamespace({ namespace: name, workflowExecutionRetentionPeriod: msToTs('1 day') })
      .finally(() => connected.close());
    const own = await connect(readSettings(needs.client, this.env(name)));
    this.#stops.push(() => own.close());
    await createSearchAttributes(own.connection, name);
    return own;
  }

  /** A worker process of a namespace. @param workflowsPath other workflows than the numbers' */
  async worker(namespace: string, workflowsPath?: string): Promise<Part<null>> {
    const worker = await Part.start<null>(path.join(__dirname, 'worker.js'), {
      ...this.env(namespace),
      ...(workflowsPath !== undefined && { BENCH_WORKFLOWS: workflowsPath }),
    });
    this.#stops.push(() => worker.stop());
    return worker;
  }

  /** So far, from the beginning of each process. */
  async cpu(): Promise<Cpu> {
    return {
      server: await cpuOf(this.server?.pid),
      simulator: (await this.simulator.usage()).cpu,
      driver: usage().cpu,
    };
  }

  async stop(): Promise<void> {
    for (const end of this.#stops.splice(0).reverse()) await end();
  }
}
