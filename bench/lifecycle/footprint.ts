import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Customers } from '../stack/customers';

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

export async function footprintOf(
  client: Client,
  customers: Customers,
  { workflowId, number }: { workflowId: string; number: string },
): Promise<Footprint> {
  const handle = client.workflow.getHandle(workflowId);
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
    graphCalls: (await customers.sim.calls({ number })).length,
  };
}
