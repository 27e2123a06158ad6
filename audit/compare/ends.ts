import type { MessageRejection } from '../../contract/message-rejection';
import type { AuditedCarried, AuditedRecord } from '../kinds';
import type { Fact } from '../recorded';
import { opened } from '../unreadable';
import { same, text, type Find } from './finding';

/** Whether a run's result is the record that its chart gives. */
export function compareResult(find: Find, eventId: number, held: AuditedRecord, own: AuditedRecord): void {
  for (const field of Object.keys({ ...held, ...own }) as (keyof AuditedRecord)[]) {
    if (!same(held[field], own[field])) {
      find(eventId, `${field} is ${text(held[field])} in the result, ${text(own[field])} by the chart`);
    }
  }
}

/** Whether the next run goes on from where this one was, by the same chart or a newer one. */
export function compareContinued(
  find: Find,
  eventId: number,
  input: readonly unknown[],
  { chartVersion, own }: { chartVersion: number; own: AuditedCarried },
): void {
  const [start, carried] = input.map(opened) as [{ chartVersion?: number }, AuditedCarried | undefined];
  const next = start.chartVersion ?? 1;
  if (next < chartVersion) find(eventId, 'the next run goes by an older chart');
  const moved = next === chartVersion ? {} : { movedFrom: chartVersion };
  if (!same(carried, { ...own, ...moved }))
    find(eventId, 'the next run was handed something else than the chart holds');
}

/** Whether an update was answered as its effect by the chart says; `undefined` while that is not settled. */
export function compareAnswer(
  find: Find,
  eventId: number,
  { error }: Extract<Fact, { kind: 'updateEnded' }>,
  rejection: MessageRejection | null | undefined,
): void {
  const type = (error as { type?: string } | undefined)?.type ?? null;
  // It says nothing of the effect.
  if (type === 'StillUnderWay') return;
  if (rejection === undefined) {
    find(eventId, 'an update was answered before its effect was settled');
    return;
  }
  const own = rejection?.type ?? null;
  if (type !== own)
    find(eventId, `an update was answered with ${text(type)}, by the chart it is ${text(own)}`);
}
