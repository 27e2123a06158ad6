import { setTimeout } from 'node:timers/promises';
import { readingConverter } from '../../audit';
import { verifyRecords } from '../../audit/verify-records';
import { NumberPool } from '../../client';
import { keepRecords } from '../../client/records/keep-records';
import { openRecords, openRecordsToRead, type Records, type VerifyOptions } from '../../records';
import type { DevServerOptions } from '../../stack/dev-server';
import { needs, readSettings } from '../../settings';
import { Laptop, waba } from '../client/laptop';
import { testDatabase, type kinds, type TestDatabase } from './databases';

/** A laptop that keeps records in a database of its own. */
export class KeepingLaptop {
  private constructor(
    readonly laptop: Laptop,
    readonly database: TestDatabase,
  ) {}

  static async start(
    kind: (typeof kinds)[number],
    more: Record<string, string> = {},
    server: DevServerOptions = {},
  ): Promise<KeepingLaptop> {
    const database = await testDatabase(kind);
    return new KeepingLaptop(
      await Laptop.start({}, { RECORDS_URL: database.url, ...more }, server),
      database,
    );
  }

  get pool(): NumberPool {
    return this.laptop.pool();
  }

  get settings() {
    return readSettings(needs.worker, this.laptop.env);
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

  /** Temporal's list is a moment behind: until it shows so many closed runs, they are not to be found. */
  keep(closed: number, checkpoint = false) {
    return this.keepRun('numberLifecycle', closed, checkpoint);
  }

  /** The same for runs of another type. */
  async keepRun(type: string, closed = 1, checkpoint = false) {
    const { client } = this.laptop.connected;
    while ((await client.workflow.count(closedOf(type))).count < closed) await setTimeout(20);
    return keepRecords(client, { checkpoint });
  }

  /** Has Temporal forget every closed run of a number. */
  forget(digits: string): Promise<void> {
    return this.#forget(`WorkflowId = 'number:${digits}' AND ExecutionStatus != 'Running'`);
  }

  /** The same for a type. */
  forgetAll(type: string): Promise<void> {
    return this.#forget(closedOf(type));
  }

  async #forget(query: string): Promise<void> {
    const { client } = this.laptop.connected;
    const { namespace } = client.options;
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      const workflowExecution = { workflowId, runId };
      await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
      const gone = async () => {
        try {
          await client.workflow.getHandle(workflowId, runId).describe();
          return false;
        } catch {
          return true;
        }
      };
      while (!(await gone())) await setTimeout(50);
    }
  }

  open(): Promise<Records> {
    return openRecords(this.settings);
  }

  openToRead(): Promise<Records> {
    return openRecordsToRead(this.settings);
  }

  verify(records: Records, options: Partial<VerifyOptions> = {}) {
    const { signingKeys: keys } = this.settings.records;
    return verifyRecords(records, readingConverter(this.settings), { keys, ...options });
  }

  async close(): Promise<void> {
    await this.laptop.close();
    await this.database.close();
  }
}

const closedOf = (type: string) => `WorkflowType = '${type}' AND ExecutionStatus != 'Running'`;
