import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { WorkflowUpdateFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { createCustomerActivities, type OurNumber } from '../../activities/customers';
import { createGraphClient } from '../../activities/graph';
import { whoseToken } from '../../activities/whose-token';
import { beginCustomer } from '../../client/customers/begin';
import type { CustomerActivities } from '../../contract/customer-activities';
import type { CustomerMessageName, CustomerMessagePayload } from '../../contract/customer-messages';
import type { CustomerRecord } from '../../contract/customer-record';
import type { WabaId } from '../../contract/ids';
import { customerWorkflowIdOf } from '../../contract/workflow-ids';
import { openRecords, type Records } from '../../records';
import { needs, readSettings } from '../../settings';
import { tokensOf } from '../../worker/customers/closing';
import { noteReturn, numbersOf, pinOf } from '../../worker/customers/of-numbers';
import { customersTokens } from '../../worker/records/customers-tokens';
import { app, businessId, creditLine, setUpPartner, systemUser } from '../customers/partner';
import { ownRecords } from './own-records';
import { accessToken, portfolioId, TestStack, type TestNumber } from './test-stack';

const currency = 'USD';

/** Customers' workflows where months pass in moments, with records that hold their tokens. */
export class CustomersStack {
  private constructor(
    readonly stack: TestStack,
    private readonly records: Records,
    private readonly numbers: OurNumber[],
    private readonly ends: (() => Promise<unknown>)[],
  ) {}

  static async open(): Promise<CustomersStack> {
    const { RECORDS_URL, remove } = await ownRecords();
    const env = { RECORDS_URL, PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}` };
    const records = await openRecords(readSettings(needs.records, env));
    const numbers: OurNumber[] = [];
    const stack = await TestStack.skippingTime(
      {},
      {
        customers: (client, graph) => ({
          numbers: closing(records),
          calls: createCustomerActivities({
            ...{ app, creditLineId: creditLine, systemUserId: systemUser, currency, graph },
            graphOf: whoseToken(graph, customersTokens(records, client)),
            tokens: tokensOf(records),
            // This server has no list to answer from.
            numbersOf: (wabaId, digits) =>
              digits === null ? Promise.resolve(numbers) : numbersOf({ client, records }, wabaId, digits),
            returned: (wabaId, returned) => noteReturn({ client, records }, wabaId, returned),
            pinOf: (digits) => pinOf({ client, records }, digits),
          }),
        }),
      },
    );
    await setUpPartner(stack.sim, accessToken);
    return new CustomersStack(stack, records, numbers, [
      () => stack.close(),
      () => records.close(),
      () => remove(),
    ]);
  }

  async close(): Promise<void> {
    for (const end of this.ends) await end();
  }

  /** Somebody signs up at Meta, and their life with us begins. */
  async signUp(wabaId: string): Promise<TestCustomer> {
    await this.stack.sim.setWaba(wabaId, { businessId, sharedWith: [portfolioId] });
    const by = 'the signup page';
    await beginCustomer(this.stack.client, { wabaId, portfolioId, by });
    return new TestCustomer(this.stack.client, wabaId);
  }

  /** The code of their signup is exchanged, as the gateway does. @param expiresIn milliseconds */
  async keepToken({ wabaId }: TestCustomer, expiresIn: number | null = null): Promise<void> {
    const { sim } = this.stack;
    const graph = createGraphClient({
      ...{ baseUrl: sim.url, version: 'v24.0', accessToken, appSecret: app.secret },
    });
    const token = await graph.exchangeSignupCode(app, await sim.signupCode(wabaId));
    // Records go by their machine's clock, the workflow by the server's.
    const at = new Date().toISOString();
    const end = expiresIn === null ? null : (await this.stack.now()) + expiresIn;
    const expiresAt = end === null ? null : new Date(end).toISOString();
    const kept = { businessId: null, customerId: null, token, scopes: [], expiresAt, by: 'signup', at };
    await this.records.customerTokens.keep({ wabaId: wabaId as WabaId, ...kept });
  }

  /** The customer has a registered number of ours. */
  async registered({ wabaId }: TestCustomer, phoneNumber: string): Promise<TestNumber> {
    const number = await this.stack.add({ phoneNumber });
    await number.handInCode();
    await number.takenBy(wabaId);
    await number.until('Registered');
    this.numbers.push({
      phoneNumber,
      customerId: 'lucky-shrub',
      registered: true,
      ended: false,
      left: false,
    });
    return number;
  }
}

/** As the closing activity does, but for the holdings, which it looks for in Temporal's list. */
const closing = (records: Records): Pick<CustomerActivities, 'closeCustomer'> => ({
  async closeCustomer({ wabaId }) {
    await records.customerTokens.destroy(wabaId, new Date().toISOString());
    return { webhooks: false, numbers: [] };
  },
});

/** One customer, driven as services and Meta's webhooks do. */
export class TestCustomer {
  readonly handle: WorkflowHandle;

  constructor(
    client: Client,
    readonly wabaId: string,
  ) {
    this.handle = client.workflow.getHandle(customerWorkflowIdOf(wabaId));
  }

  get(): Promise<CustomerRecord> {
    return this.handle.query<CustomerRecord>('getCustomer');
  }

  signal<Name extends CustomerMessageName>(name: Name, payload: CustomerMessagePayload<Name>): Promise<void> {
    return this.handle.signal(name, payload);
  }

  /** Sends an update; gives its answer back, or what it was refused with. */
  async send<Name extends CustomerMessageName>(name: Name, payload: CustomerMessagePayload<Name>) {
    try {
      return await this.handle.executeUpdate<CustomerRecord, [unknown]>(name, { args: [payload] });
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) return error.cause;
      throw error;
    }
  }

  /** Waits until they are as wanted. The time-skipping server wakes no long poll, so they are asked again. */
  async until(wanted: (record: CustomerRecord) => boolean): Promise<CustomerRecord> {
    const hangs = Date.now() + 60_000;
    for (;;) {
      const record = await this.get();
      if (wanted(record)) return record;
      if (Date.now() > hangs) throw new Error(`WABA ${this.wabaId} came to ${JSON.stringify(record)}`);
      await setTimeout(10);
    }
  }

  /** By `State.phase`, or by the state alone. */
  reaches(wanted: string): Promise<CustomerRecord> {
    return this.until(({ state, phase }) => wanted === state || wanted === `${state}.${phase}`);
  }
}
