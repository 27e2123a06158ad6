import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { BaseWorkflowHandle, Client, Workflow } from '@temporalio/client';
import type { NumberPool } from '../../client';
import type { PortfolioId } from '../../contract/ids';
import type { numberLifecycle } from '../../workflows/number/number-lifecycle';
import { firstAttributes } from '../../contract/search-attributes';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import * as byHand from '../by-hand';
import type { Customers } from '../stack/customers';
import { poolOf, portfolioId, source } from '../stack/stack';

/** One way to have numbers live on Temporal. */
export interface Way {
  name: string;
  namespace: string;
  workflowId: (number: string) => string;
  /** The module of its workflows, where it is not ours. */
  workflowsPath?: string;
  /** Takes a number from its adding to its registration; settles when its workflow has ended. */
  live(client: Client, customers: Customers, number: string): Promise<void>;
}

/** Milliseconds. No customer claims a number while its verification is still on the way to its workflow. */
const ACTIVITY_ENDS = 250;

/** A WABA for each customer: real ones hold few numbers. */
export const wabaOf = (number: string) => `77${number}`;

const pools = new WeakMap<Client, NumberPool>();

/** One for all lives, as a service has it: the pool's keys are read once, and not before each number. */
function servicesPool(client: Client): NumberPool {
  const pool = pools.get(client) ?? poolOf(client);
  pools.set(client, pool);
  return pool;
}

/** As a service drives it: updates, each of which answers once its effect is there. */
export const preverified: Way = {
  name: 'preverified',
  namespace: 'preverified',
  workflowId: (number) => `number:${number}`,
  async live(client, customers, number) {
    const pool = servicesPool(client);
    await pool.add(number);
    await pool.submitCode(number, { code: await customers.code(number, pool) });
    const wabaId = wabaOf(number);
    const { phoneNumberId } = await customers.sim.claimNumber(number, wabaId);
    await pool.claim(number, { wabaId, phoneNumberId, source });
    const workflowId = preverified.workflowId(number);
    const { state } = await client.workflow.getHandle<typeof numberLifecycle>(workflowId).result();
    checkRegistered(workflowId, state);
  },
};

/** The same workflow with the messages of the hand-written one: what is left between the two is not the price of answers. */
export const signalled: Way = {
  name: 'by signals',
  namespace: 'signalled',
  workflowId: preverified.workflowId,
  async live(client, customers, number) {
    const pool = servicesPool(client);
    await pool.add(number);
    const handle = client.workflow.getHandle<typeof numberLifecycle>(preverified.workflowId(number));
    await signal(handle, await customers.code(number, pool), customers, number, { source });
    const { state } = await handle.result();
    checkRegistered(handle.workflowId, state);
  },
};

export const handWritten = byHandAs('hand-written', 'by-hand', false);

/** The same, to be found by its state as ours is: between it and ours there is no price of attributes. */
export const handWrittenListed = byHandAs('hand-written, listed', 'by-hand-listed', true);

function byHandAs(name: string, namespace: string, listed: boolean): Way {
  const workflowId = (number: string) => `by-hand:${number}`;
  return {
    name,
    namespace,
    workflowId,
    workflowsPath: path.dirname(require.resolve('../by-hand')),
    async live(client, customers, number) {
      const handle = await client.workflow.start(byHand.numberByHand, {
        workflowId: workflowId(number),
        taskQueue: NUMBERS_TASK_QUEUE,
        args: [{ phoneNumber: number, portfolioId: portfolioId as PortfolioId, listed }],
        ...(listed && { typedSearchAttributes: firstAttributes(portfolioId, 'US') }),
      });
      await signal(handle, await customers.message(number), customers, number);
      checkRegistered(handle.workflowId, await handle.result());
    },
  };
}

/** Code and claim by signals; that the code was right is seen at Meta, which costs Temporal nothing. */
async function signal(
  handle: BaseWorkflowHandle<Workflow>,
  code: string,
  customers: Customers,
  number: string,
  more: { source?: string } = {},
): Promise<void> {
  await handle.signal('submitCode', { code });
  await customers.sim.succeeded('verify_code', number);
  await setTimeout(ACTIVITY_ENDS);
  const wabaId = wabaOf(number);
  const { phoneNumberId } = await customers.sim.claimNumber(number, wabaId);
  await handle.signal('claim', { wabaId, phoneNumberId, ...more });
}

/** A life that ends otherwise was not the work that is measured. */
export function checkRegistered(life: string, state: string): void {
  if (state !== 'Registered') throw new Error(`${life} ended as ${state}, not as Registered`);
}
