import { randomBytes } from 'node:crypto';
import { NumberPool, type ConnectedPool, type PoolOptions } from '../../client';
import { needs, readSettings } from '../../settings';
import { startSimulator, type Simulator } from '../../simulator';
import { SimulatorClient } from '../../simulator/client';
import { startWorker, type RunningWorker } from '../../worker';
import { ownNamespace, type TestServer } from '../support/servers';

export const portfolioId = '506914307656634';

/** `id:base64 of 32 bytes` */
export const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

/** A namespace with workers and clients that each have keys of their own; no worker yet. */
export class KeyPool {
  readonly sim: SimulatorClient;
  readonly #workers: RunningWorker[] = [];

  private constructor(
    readonly server: TestServer,
    private readonly simulator: Simulator,
  ) {
    this.sim = new SimulatorClient(simulator.url);
  }

  static async start(): Promise<KeyPool> {
    return new KeyPool(await ownNamespace(), await startSimulator());
  }

  /** The environment of a process with these keys, `''` for none. */
  env(keys: string): Record<string, string> {
    return {
      TEMPORAL_ADDRESS: this.server.env.address,
      TEMPORAL_NAMESPACE: String(this.server.env.namespace),
      TEMPORAL_CONFIG_FILE: '/nowhere',
      GRAPH_API_URL: this.simulator.url,
      GRAPH_ACCESS_TOKEN: 'EAAJB',
      GRAPH_CALLS_PER_SECOND: '1000',
      PORTFOLIO_ID: portfolioId,
      PAYLOAD_KEYS: keys,
      LOG_LEVEL: 'error',
    };
  }

  async worker(keys: string): Promise<RunningWorker> {
    const worker = await startWorker(readSettings(needs.worker, this.env(keys)));
    this.#workers.push(worker);
    return worker;
  }

  async asClient<Answer>(
    keys: string,
    act: (pool: ConnectedPool) => Promise<Answer>,
    options: PoolOptions = {},
  ): Promise<Answer> {
    const pool = await NumberPool.connect({ by: 'test', ...options }, this.env(keys));
    try {
      return await act(pool);
    } finally {
      await pool.close();
    }
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) await worker.shutdown();
    await this.simulator.close();
    await this.server.close();
  }
}
