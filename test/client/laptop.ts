import { randomBytes } from 'node:crypto';
import { NumberPool, type PoolOptions } from '../../client';
import { connect, type Connected } from '../../temporal/connect';
import { needs, readSettings } from '../../settings';
import { startSimulator, type SimulatorOptions } from '../../simulator';
import type { DevServerOptions } from '../../stack/dev-server';
import { startWorker, type RunningWorker } from '../../worker';
import { SimulatorClient } from '../../simulator/client';
import { ownRecords } from '../support/own-records';
import { ownDevServer } from '../support/servers';

export const portfolioId = '506914307656634';
export const waba = '102290129340398';

/** A dev server, the simulator and the worker, as `preverified dev` runs them, with payloads encrypted. */
export class Laptop {
  #worker: RunningWorker | null = null;

  private constructor(
    /** What a command needs to reach it all. */
    readonly env: Record<string, string>,
    readonly sim: SimulatorClient,
    readonly connected: Connected,
    /** Temporal is gone meanwhile. */
    readonly outage: (meanwhile: () => Promise<void>) => Promise<void>,
    private readonly ends: (() => Promise<unknown>)[],
  ) {}

  static async start(
    options: SimulatorOptions = {},
    more: Record<string, string> = {},
    server: DevServerOptions = {},
  ): Promise<Laptop> {
    const temporal = await ownDevServer(server);
    const simulator = await startSimulator(options);
    const { RECORDS_URL, remove } = await ownRecords();
    const env = {
      TEMPORAL_ADDRESS: temporal.env.address,
      TEMPORAL_NAMESPACE: 'default',
      GRAPH_API_URL: simulator.url,
      GRAPH_ACCESS_TOKEN: 'EAAJB',
      GRAPH_CALLS_PER_SECOND: '1000',
      PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      PORTFOLIO_ID: portfolioId,
      POLICY_DAY: `${String(options.day ?? 24 * 60 * 60 * 1000)}ms`,
      RECORDS_URL,
      ...more,
    };
    const connected = await connect(readSettings(needs.client, env));
    const laptop = new Laptop(env, new SimulatorClient(simulator.url), connected, temporal.outage, [
      () => connected.close(),
      () => simulator.close(),
      () => temporal.close(),
      remove,
    ]);
    await laptop.startWorker();
    return laptop;
  }

  pool(options: PoolOptions = {}): NumberPool {
    return new NumberPool(this.connected.client, { portfolioId, by: 'test', ...options });
  }

  async startWorker(): Promise<void> {
    this.#worker = await startWorker(readSettings(needs.worker, this.env));
  }

  async stopWorker(): Promise<void> {
    await this.#worker?.shutdown();
    this.#worker = null;
  }

  async close(): Promise<void> {
    await this.stopWorker();
    for (const end of this.ends) await end();
  }
}
