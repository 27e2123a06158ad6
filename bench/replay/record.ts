import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { Way } from '../lifecycle/lives';
import type { Customers } from '../stack/customers';
import { poolOf } from '../stack/stack';

/** A history as a worker replays it. */
export interface Recorded {
  workflowId: string;
  history: temporal.api.history.v1.IHistory;
}

/** A whole life, from added to registered. */
export async function recordLife(
  client: Client,
  customers: Customers,
  way: Way,
  number: string,
): Promise<Recorded> {
  await way.live(client, customers, number);
  return fetched(client, way.workflowId(number));
}

/** A number that is reserved and released again and again, as one does that nobody takes in the end. */
export async function recordLong(
  client: Client,
  customers: Customers,
  way: Way,
  { number, reservations }: { number: string; reservations: number },
): Promise<Recorded> {
  const pool = poolOf(client);
  await pool.add(number);
  await pool.submitCode(number, { code: await customers.code(number, pool) });
  for (let index = 0; index < reservations; index++) {
    const customerId = `customer ${index}`;
    await pool.reserve(number, { customerId });
    await pool.release(number, { customerId });
  }
  return fetched(client, way.workflowId(number));
}

async function fetched(client: Client, workflowId: string): Promise<Recorded> {
  return { workflowId, history: await client.workflow.getHandle(workflowId).fetchHistory() };
}
