import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import path from 'node:path';
import type { NumberPool } from '../../client';
import type { SimulatorOptions } from '../../simulator';
import type { OpenAlerts } from '../../contract/webhook-activities';
import { monitorIdOf } from '../../contract/workflow-ids';
import { Laptop, portfolioId } from '../client/laptop';
import { Receiver } from './receiver';

const byHand = { automation: { requestCode: false, reverify: false, register: false } };

/** A pool whose worker delivers webhooks to receivers on this machine. */
export class PoolWithWebhooks {
  readonly pool: NumberPool;

  private constructor(
    readonly laptop: Laptop,
    private readonly folder: string,
  ) {
    this.pool = laptop.pool();
  }

  /** The worker has no endpoints yet. */
  static async start(simulator: SimulatorOptions = {}): Promise<PoolWithWebhooks> {
    return new PoolWithWebhooks(
      await Laptop.start(simulator),
      mkdtempSync(path.join(tmpdir(), 'preverified-webhooks-')),
    );
  }

  /** Restarts the worker with these endpoints; `null`: without an endpoints file. */
  async setEndpoints(
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

  /** Adds a number without automation and waits until it is in Meta's pool. */
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

  /** Waits for a check of the pool that began later than `after`, in epoch milliseconds. */
  async checked(after = 0): Promise<OpenAlerts> {
    const handle = this.laptop.connected.client.workflow.getHandle(monitorIdOf(portfolioId));
    for (;;) {
      const open = await handle.query<OpenAlerts>('getOpenAlerts').catch(() => null);
      if (open?.at != null && Date.parse(open.at) > after) return open;
      await setTimeout(50);
    }
  }

  /** Has the pool checked now. */
  async check(): Promise<OpenAlerts> {
    const { at } = await this.checked();
    await this.laptop.connected.client.workflow.getHandle(monitorIdOf(portfolioId)).signal('checkNow');
    return this.checked(Date.parse(at!));
  }

  /** Types of the events in a workflow's history, and of the activities that they schedule. */
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
