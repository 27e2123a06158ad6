import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { median } from '../core/statistics';
import type { Customers } from '../stack/customers';
import { wabaOf, type Way } from './lives';

const { EventType } = temporal.api.enums.v1;

/** What one life leaves behind at Temporal and Meta. */
export interface Footprint {
  events: number;
  workflowTasks: number;
  activities: number;
  upserts: number;
  stateTransitions: number;
  historyBytes: number;
  graphCalls: number;
}

/** What most of these lives left behind: on a busy machine one or the other has a task that was lost and made again. */
export async function usualFootprint(
  client: Client,
  customers: Customers,
  way: Way,
  numbers: readonly string[],
): Promise<Footprint> {
  const all = await Promise.all(numbers.map((number) => footprintOf(client, customers, way, number)));
  const [first] = all;
  if (!first) throw new Error('no life has left anything behind');
  const counts = Object.keys(first) as (keyof Footprint)[];
  return Object.fromEntries(
    counts.map((count) => [count, median(all.map((one) => one[count]))]),
  ) as unknown as Footprint;
}

async function footprintOf(
  client: Client,
  customers: Customers,
  way: Way,
  number: string,
): Promise<Footprint> {
  const handle = client.workflow.getHandle(way.workflowId(number));
  const { raw, historyLength, historySize } = await handle.describe();
  const events = (await handle.fetchHistory()).events ?? [];
  const count = (type: temporal.api.enums.v1.EventType) =>
    events.filter(({ eventType }) => eventType === type).length;
  return {
    events: historyLength,
    workflowTasks: count(EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED),
    activities: count(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED),
    upserts: count(EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES),
    stateTransitions: Number(raw.workflowExecutionInfo?.stateTransitionCount ?? NaN),
    historyBytes: historySize ?? NaN,
    graphCalls: await customers.graphCalls(number, wabaOf(number)),
  };
}
