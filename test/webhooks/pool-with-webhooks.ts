import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import path from 'node:path';
import type { NumberPool } from '../../client';
import type { SimulatorOptions } from '../../simulator';
import type { OpenAlerts } from '../../contract/alerts';
import { monitorIdOf } from '../../contract/workflow-ids';
import { Laptop, portfolioId } from '../client/laptop';
import { Receiver } from './receiver';

const byHand = { automation: { requestCode: false, reverify: false, register: false } };

/** A pool whose worker tells endpoints on this machine. */
export class ToldPool {
  readonly pool: NumberPool;

  private constructor(
    readonly laptop: Laptop,
    private readonly folder: string,
  ) {
    this.pool = laptop.pool();
  }

  /** With a worker that has nobody to tell yet. */
  static async start(simulator: SimulatorOptions = {}): Promise<ToldPool> {
    return new ToldPool(
      await Laptop.start(simulator),
      mkdtempSync(path.join(tmpdir(), 'preverified-webhooks-')),
    );
  }

  /** Has the worker started anew, with these endpoints; without any, with none. */
  async tell(
    endpoints: Record<string, { receiver: Receiver; secrets?: string[] } & Record<string, unknown>> | null,
    stock: Record<string, number> = {},
  ): Promise<void> {
    await this.laptop.stopWorker();
    delete this.laptop.env['WEBHOOK_ENDPOINTS'];
    if (endpoints) {
      const file = path.join(this.folder, 'endpoints.json');
      writeFileSync(file, JSON.stringify({ endpoints: Object.entries(endpoints).map(endpoint), stock }));
      this.laptop.env['WEBHOOK_ENDPOINTS'] = file;
    }
    await this.laptop.startWorker();
  }

  /** Adds a number by hand and waits until it is in Meta's pool. */
  async added(number: string, options: object = {}): Promise<string> {
    await this.pool.add(number, { ...byHand, ...options });
    const { preverifiedId } = await this.pool.waitUntil(number, ({ phase }) => phase === 'waiting');
    return preverifiedId!;
  }

  async verify(number: string): Promise<void> {
    await this.pool.requestCode(number);
    await this.pool.submitCode(number, { code: await this.laptop.sim.nextMessage(number) });
  }

  async verified(number: string, options: object = {}): Promise<string> {
    const preverifiedId = await this.added(number, options);
    await this.verify(number);
    return preverifiedId;
  }

  /** The first look over the pool since `after` (epoch milliseconds) that is done. */
  async looked(after = 0): Promise<OpenAlerts> {
    const handle = this.laptop.connected.client.workflow.getHandle(monitorIdOf(portfolioId));
    for (;;) {
      const standing = await handle.query<OpenAlerts>('getWarnings').catch(() => null);
      if (standing?.at != null && Date.parse(standing.at) > after) return standing;
      await setTimeout(50);
    }
  }

  /** Has the pool looked over. */
  async look(): Promise<OpenAlerts> {
    const { at } = await this.looked();
    await this.laptop.connected.client.workflow.getHandle(monitorIdOf(portfolioId)).signal('checkNow');
    return this.looked(Date.parse(at!));
  }

  /** The types of what happened in a workflow. */
  async history(workflowId: string): Promise<{ type: string; activity: string | undefined }[]> {
    const { events } = await this.laptop.connected.client.workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).map((event) => ({
      type: Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '',
      activity: event.activityTaskScheduledEventAttributes?.activityType?.name ?? undefined,
    }));
  }

  async close(): Promise<void> {
    await this.laptop.close();
    rmSync(this.folder, { recursive: true });
  }
}

const endpoint = ([name, { receiver, ...rest }]: [
  string,
  { receiver: Receiver } & Record<string, unknown>,
]) => ({
  name,
  url: receiver.url,
  secrets: [receiver.secret],
  allowHttp: true,
  allowPrivateAddress: true,
  ...rest,
});
