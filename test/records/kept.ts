import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { NumberPool } from '../../client';
import { keepRecords } from '../../client/records/keep-records';
import { needs, readSettings } from '../../settings';
import { openRecords, openRecordsToRead, type Records } from '../../records';
import { Laptop, waba } from '../client/laptop';

/** A laptop that keeps records in a folder of its own. */
export class KeepingLaptop {
  private constructor(
    readonly laptop: Laptop,
    readonly env: Record<string, string>,
    private readonly folder: string,
  ) {}

  static async start(more: Record<string, string> = {}): Promise<KeepingLaptop> {
    const folder = await mkdtemp(path.join(tmpdir(), 'preverified-records-'));
    const laptop = await Laptop.start(
      {},
      { RECORDS_URL: `sqlite:${path.join(folder, 'records.db')}`, ...more },
    );
    return new KeepingLaptop(laptop, laptop.env, folder);
  }

  get pool(): NumberPool {
    return this.laptop.pool();
  }

  get settings() {
    return readSettings(needs.worker, this.env);
  }

  /** A whole life, from being added to being registered for a customer. */
  async live(digits: string, customerId = 'lucky-shrub'): Promise<void> {
    const { pool } = this;
    await pool.add(digits);
    await pool.submitCode(digits, { code: await this.laptop.sim.nextMessage(digits) });
    const { preverifiedId } = await pool.get(digits);
    const { phoneNumberId } = await this.laptop.sim.claim(preverifiedId ?? '', waba);
    await pool.claim(digits, { wabaId: waba, phoneNumberId, customerId, source: 'signup', by: 'carol' });
    await pool.waitFor(digits, 'Registered');
  }

  /** Temporal's list is a moment behind: until it shows so many closed numbers, they are not to be found. */
  async keep(closed: number, checkpoint = false) {
    const { client } = this.laptop.connected;
    const query = `WorkflowType = 'numberLifecycle' AND ExecutionStatus != 'Running'`;
    while ((await client.workflow.count(query)).count < closed);
    return keepRecords(client, { checkpoint });
  }

  /** Has Temporal forget all of these runs. */
  async forget(digits: string): Promise<void> {
    const { client } = this.laptop.connected;
    const workflowId = `number:${digits}`;
    for await (const { runId, status } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
      if (status.name === 'RUNNING') continue;
      await client.workflowService.deleteWorkflowExecution({
        namespace: client.options.namespace,
        workflowExecution: { workflowId, runId },
      });
      const gone = () =>
        client.workflow
          .getHandle(workflowId, runId)
          .describe()
          .then(
            () => false,
            () => true,
          );
      while (!(await gone())) await setTimeout(50);
    }
  }

  open(): Promise<Records> {
    return openRecords(this.settings);
  }

  openToRead(): Promise<Records> {
    return openRecordsToRead(this.settings);
  }

  async close(): Promise<void> {
    await this.laptop.close();
    await rm(this.folder, { recursive: true });
  }
}
