import type { AnyStateMachine } from 'xstate';
import { readCode } from '../../contract/code';
import { codeOrigin } from '../../contract/code-origin';
import { joined, mayBePart, PARTS_WITHIN } from '../../contract/code-parts';
import { messageNames, readMessage, type MessageName } from '../../contract/messages';
import type { NumberRecord } from '../../contract/number-record';
import type { NumberStart } from '../../contract/number-start';
import { attributesOf, type AttributeValues } from '../../contract/search-attributes';
import { instant } from '../../contract/times';
import type { Interpretation, Observer, TimedEvent } from '../interpreter/interpretation';
import type { LifeKind } from '../life/kind';
import { Life, type Carried } from '../life/life';
import { numberWebhookEvents } from '../webhooks/number-events';
import { unansweredEnd } from './call-end';
import { charts } from './charts';
import type { NumberContext } from './context';
import type { MessageEvent } from './events';
import { contextOf, numberRecord, transitionOf } from './number-record';
import { isSettled, outcomeOf } from './outcome';
import { accepts, rejectionOf } from './rejections';

export type CarriedNumber = Carried<MessageName, MessageEvent, NumberRecord>;

/** A number's life without Temporal. */
export class NumberLife extends Life<MessageName, MessageEvent, NumberRecord> {
  readonly #country: string;

  constructor(start: NumberStart, carried: CarriedNumber | undefined, at: number, observe?: Observer) {
    super(numberKind, start, carried, at, observe);
    this.#country = start.phoneNumber.country;
  }

  attributes(): AttributeValues {
    return attributesOf(this.record(), this.#country);
  }
}

const numberKind: LifeKind<MessageName, MessageEvent, NumberRecord> = {
  charts,
  messageNames,
  read: readMessage,
  meant,
  refusedAsSignal: (name) =>
    // A signal would use the code up and show it to nobody.
    name === 'takeCode'
      ? { type: 'WrongState', message: 'A code can only be shown in an answer: send takeCode as an update.' }
      : null,
  rejectionOf,
  isSettled,
  outcomeOf,
  effectOf,
  record: numberRecord,
  transitionOf,
  webhookEvents: ({ before, after, event, change, record }) =>
    numberWebhookEvents({
      before: contextOf(before),
      after: contextOf(after),
      at: instant(event.at),
      change,
      record,
    }),
  webhooksIn,
  // A second code would make the first one void.
  once: 'requestCode',
  unansweredEnd,
};

/** A code that was received is handed in where the number waits for one; elsewhere the chart keeps it for a customer. */
function meant(chart: AnyStateMachine, now: Interpretation, event: MessageEvent): MessageEvent {
  if (event.type !== 'receiveCode') return event;
  const text = wholeText(contextOf(now), event);
  const code = readCode(text);
  if (code === null) return event;
  const submitted: MessageEvent = { type: 'submitCode', code, at: event.at, by: event.by };
  if (contextOf(now).code?.wrong.includes(code) === true) return submitted;
  if (!accepts(chart, now, submitted)) return { ...event, text };
  return codeOrigin(text) === 'another' ? { ...event, text, doubtful: true } : submitted;
}

/** The text, with the part of it that came before from the same sender where it holds half a code. */
function wholeText({ parts }: NumberContext, { text, from, at }: ReceivedEvent): string {
  if (from === undefined || !mayBePart(text)) return text;
  const other = parts.find((part) => part.from === from && at - part.at < PARTS_WITHIN);
  return (other && joined(other.text, text)) ?? text;
}

type ReceivedEvent = Extract<MessageEvent, { type: 'receiveCode' }>;

/** Whether the worker that added the number has endpoints: the answer or the failure of adding it says so. */
function webhooksIn(event: TimedEvent): boolean | undefined {
  type Stated = { webhooks?: boolean } | null;
  const { actorId, output, error } = event as { actorId?: string; output?: Stated; error?: Stated };
  return actorId === 'addNumber' ? (output ?? error)?.webhooks : undefined;
}

/** What a message asks for: messages that ask for the same have the same outcome, so the life keeps one of them open. */
function effectOf(event: MessageEvent): string {
  switch (event.type) {
    case 'submitCode':
      return `${event.type} ${event.code}`;
    case 'claim':
    case 'claimFor':
      return `${event.type} ${event.wabaId}`;
    case 'share':
    case 'unshare':
      return `${event.type} ${event.partnerBusinessId}`;
    default:
      return event.type;
  }
}
