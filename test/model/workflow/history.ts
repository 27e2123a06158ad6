import type { temporal } from '@temporalio/proto';
import type { Recorded } from '../../../audit/recorded';

/** What a number's history says of whether it rests. */

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** What a number's workflow waits to be told of. */
const news = new Set<Recorded['event']['kind']>([
  'signal',
  'callDone',
  'callFailed',
  'callTimedOut',
  'timerFired',
]);

/** IDs of the activities that have no end yet. */
export function openCalls(events: readonly HistoryEvent[]): string[] {
  const open = new Map<string, string>();
  for (const event of events) {
    const { activityId } = event.activityTaskScheduledEventAttributes ?? {};
    if (activityId) open.set(String(event.eventId), activityId);
    const ended =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes;
    if (ended) open.delete(String(ended.scheduledEventId));
  }
  return [...open.values()];
}

/** A task has taken in all that came. */
export function isHeard(history: readonly Recorded[]): boolean {
  const task = history.findLastIndex(({ event }) => event.kind === 'taskCompleted');
  return task >= 0 && !history.slice(task).some(({ event }) => news.has(event.kind));
}

/** No workflow task is due or under way, and every call that has been answered has its end in the history. */
export function hasHeard(events: readonly HistoryEvent[], isDone: (activityId: string) => boolean): boolean {
  const last = events.at(-1);
  if (last?.workflowExecutionCompletedEventAttributes ?? last?.workflowExecutionTerminatedEventAttributes)
    return true;
  const scheduled = events.findLastIndex((event) => event.workflowTaskScheduledEventAttributes);
  const completed = events.findLastIndex((event) => event.workflowTaskCompletedEventAttributes);
  return completed > scheduled && !openCalls(events).some(isDone);
}

/** A timer ends in a moment: a message that is refused at its very time changes nothing, and does not end it sooner. */
export function isDue(history: readonly Recorded[]): boolean {
  const running = new Map<number, number>();
  for (const { id, at, event } of history) {
    if (event.kind === 'timerStarted') running.set(id, at + event.duration);
    else if (event.kind === 'timerFired' || event.kind === 'timerCancelled') running.delete(event.timer);
  }
  const soon = (history.at(-1)?.at ?? 0) + 1000;
  return [...running.values()].some((due) => due <= soon);
}

export const isAcceptance = (event: HistoryEvent, updateId: string) =>
  event.workflowExecutionUpdateAcceptedEventAttributes?.protocolInstanceId === updateId;

export const why = ({ workflowTaskFailedEventAttributes: failed }: HistoryEvent) =>
  failed?.failure?.message ?? 'it took too long';
