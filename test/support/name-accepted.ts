import type { temporal } from '@temporalio/proto';

/** The time-skipping server leaves out which event it was that accepted a completed update; others say so. */
export function nameAccepted({ events }: temporal.api.history.v1.IHistory): void {
  const accepted = new Map<unknown, temporal.api.history.v1.IHistoryEvent['eventId']>();
  for (const event of events ?? []) {
    const { protocolInstanceId } = event.workflowExecutionUpdateAcceptedEventAttributes ?? {};
    if (protocolInstanceId) accepted.set(protocolInstanceId, event.eventId);
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    if (completed) completed.acceptedEventId = accepted.get(completed.meta?.updateId) ?? null;
  }
}
