import type { AnyStateMachine } from 'xstate';
import type { MessageRejection } from '../../contract/message-rejection';
import type { Interpretation } from '../interpreter/interpretation';
import { reasonToReject } from '../life/rejecting';
import type { CustomerContext } from './context';
import { contextOf, stateOf } from './customer-record';
import type { CustomerMessageEvent } from './events';

interface Rejected {
  context: CustomerContext;
  event: CustomerMessageEvent;
  /** `WABA 102290129340398` */
  customer: string;
  /** `Connected (settled)` */
  where: string;
}

/** What the chart's reasons are called in public, and their words. The chart alone decides which one applies. */
const rejections = {
  notNow: ({ customer, where, event }) => ({
    type: 'WrongState',
    message: `${customer} is ${where}: ${event.type} is not possible now.`,
  }),
  leaving: ({ customer, where }) => ({
    type: 'WrongState',
    message: `${customer} is ${where}: once they have left, connect begins anew.`,
  }),
  otherBusiness: ({ customer, context, event }) => ({
    type: 'WrongBusiness',
    message: `${customer} belongs to business ${String(context.businessId)} on our record, and ${event.type} names business ${String((event as { businessId?: string }).businessId)}: nothing was done.`,
  }),
} satisfies Record<string, (rejected: Rejected) => MessageRejection>;

export type RejectionReason = keyof typeof rejections;

/** Why the chart would not take a message at its moment, `null` if it would. `now` is settled. */
export function rejectionOf(
  chart: AnyStateMachine,
  now: Interpretation,
  event: CustomerMessageEvent,
): MessageRejection | null {
  const { state, phase } = stateOf(now);
  const customer = `WABA ${contextOf(now).wabaId}`;
  const where = phase === '' ? state : `${state} (${phase})`;
  if (state === 'Left') {
    const message = `${customer} has left: connect, sent through a client, begins anew.`;
    return { type: 'WrongState', message };
  }
  const reason = reasonToReject(chart, now, event) as RejectionReason | null;
  return reason === null ? null : rejections[reason]({ context: contextOf(now), event, customer, where });
}

export const accepts = (chart: AnyStateMachine, now: Interpretation, event: CustomerMessageEvent) =>
  rejectionOf(chart, now, event) === null;
