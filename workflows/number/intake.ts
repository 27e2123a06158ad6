import type { AnyStateMachine } from 'xstate';
import { readCode } from '../../contract/code';
import { accepts, type Interpretation } from '../interpreter/interpretation';
import { readMessage, type MessageName } from '../../contract/messages';
import type { NumberRecord } from '../../contract/number-record';
import type { MessageEvent } from './events';
import { contextOf, instant } from './number-record';
import type { MessageRejection } from '../../contract/message-rejection';

/** A message as the chart takes it, or why it was not understood. `now` is settled. */
export function readEvent(
  chart: AnyStateMachine,
  now: Interpretation,
  name: MessageName,
  payload: unknown,
  at: number,
): { event: MessageEvent } | MessageRejection {
  const read = readMessage(name, payload);
  if (!read.ok) return { type: 'InvalidMessage', message: `${name} was not understood: ${read.fault}.` };
  return { event: meant(chart, now, { ...read.message, type: name, at } as MessageEvent) };
}

export type Refused = { type: string; message: string };

/** How a signal that was refused is kept to be seen. */
export function refusalNote(
  name: string,
  { type, message }: Refused,
  payload: unknown,
  at: number,
): NonNullable<NumberRecord['lastRefusal']> {
  const by = (payload as { by?: unknown } | null | undefined)?.by;
  return {
    at: instant(at),
    name: name.slice(0, 100),
    type,
    message,
    by: typeof by === 'string' ? by.slice(0, 200) : null,
  };
}

/** `takeCode` as a signal would use the code up and show it to nobody. */
export const unanswered: MessageRejection = {
  type: 'WrongState',
  message: 'A code can only be shown in an answer: send takeCode as an update.',
};

/**
 * What a message means to the number as it stands. A code that was received is handed in where the number waits for
 * one; elsewhere it is kept for the customer who asked for it.
 */
function meant(chart: AnyStateMachine, now: Interpretation, event: MessageEvent): MessageEvent {
  if (event.type !== 'receiveCode') return event;
  const code = readCode(event.text);
  if (code === null) return event;
  const submitted: MessageEvent = { type: 'submitCode', code, at: event.at, by: event.by };
  const known = contextOf(now).code?.wrong.includes(code) === true;
  return known || accepts(chart, now, submitted) ? submitted : event;
}
