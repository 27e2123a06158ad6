import type { AnyStateMachine } from 'xstate';
import { readCode } from '../code';
import { accepts, type Interpretation } from '../interpreter/interpretation';
import type { MessageEvent } from './events';
import { contextOf } from './number-record';

/**
 * What a message means to the number as it stands. A code that was received is handed in where the number waits for
 * one; elsewhere it is kept for the customer who asked for it.
 */
export function meant(chart: AnyStateMachine, now: Interpretation, event: MessageEvent): MessageEvent {
  if (event.type !== 'receiveCode') return event;
  const code = readCode(event.text);
  if (code === null) return event;
  const submitted: MessageEvent = { type: 'submitCode', code, at: event.at, by: event.by };
  const known = contextOf(now).code?.wrong.includes(code) === true;
  return known || accepts(chart, now, submitted) ? submitted : event;
}
