import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createGraphClient } from '../../activities/graph';
import { NumberPool } from '../../client';
import { workflowBundle } from '../../worker/workflow-bundle';
import type { reconcileOnSchedule } from '../../workflows/reconcile/reconcile-pool';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import type { SimulatorClient } from '../../simulator/client';
import { portfolioId, TestStack } from '../support/test-stack';
import { COURIERS, PhoneCompany } from './phone-company';
import type { Plan } from './plan';
import { KnownNumbers } from './known-numbers';

/** Where a soak is played: Temporal with time that skips, our worker, the simulator, and a telephone company. */
export class SoakStack {
  readonly sim: SimulatorClient;
  readonly client: Client;
  readonly pool: NumberPool;

  private constructor(
    readonly base: TestStack,
    readonly known: KnownNumbers,
    readonly phones: PhoneCompany,
    /** A person with a token at Meta, who does not let us know what they do. */
    readonly meta: ReturnType<typeof createGraphClient>,
    readonly beginning: number,
    private readonly couriers: { worker: Worker; ran: Promise<void> },
  ) {
    this.sim = base.sim;
    this.client = base.client;
    this.pool = new NumberPool(base.client, { portfolioId, by: 'soak' });
  }

  static async start(plan: Plan): Promise<SoakStack> {
    const parts: { known?: KnownNumbers; phones?: PhoneCompany } = {};
    const base = await TestStack.skippingTime(
      { seed: plan.seed },
      {
        local: (client) => (parts.known = new KnownNumbers(client)).activities,
        interceptors: (client, sim) => [(parts.phones = new PhoneCompany(plan, client, sim)).interceptor],
      },
    );
    const worker = await Worker.create({
      connection: base.env.nativeConnection,
      taskQueue: COURIERS,
      workflowBundle: await workflowBundle(undefined, require.resolve('./courier')),
    });
    const meta = createGraphClient({
      baseUrl: base.sim.url,
      version: 'v24.0',
      accessToken: 'another-token',
    });
    const couriers = { worker, ran: worker.run() };
    return new SoakStack(base, parts.known!, parts.phones!, meta, await base.now(), couriers);
  }

  /** Milliseconds since the beginning. */
  async passed(): Promise<number> {
    return (await this.base.now()) - this.beginning;
  }

  /** What the schedule does where there is one. @param hours as cron has them */
  async reconcileAt(hours: string): Promise<void> {
    await this.client.workflow.start<typeof reconcileOnSchedule>('reconcileOnSchedule', {
      workflowId: `scheduled-reconcile:${portfolioId}`,
      taskQueue: NUMBERS_TASK_QUEUE,
      cronSchedule: `17 ${hours} * * *`,
      args: [{ portfolioId: portfolioId as never }],
    });
  }

  async close(): Promise<void> {
    this.couriers.worker.shutdown();
    await this.couriers.ran;
    await this.base.close();
  }
}
