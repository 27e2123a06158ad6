import type { MessageRejection } from '../../contract/message-rejection';
import { messageNames, readMessage, type MessageName } from '../../contract/messages';
import type { NumberRecord } from '../../contract/number-record';
import type { NumberStart } from '../../contract/number-start';
import { attributesOf, type AttributeValues } from '../../contract/search-attributes';
import { instant } from '../../contract/times';
import type { WebhookEvent } from '../../contract/webhook-events';
import { readCode } from '../../contract/code';
import { joined, mayBePart, PARTS_WITHIN } from '../../contract/code-parts';
import {
  Interpreter,
  type ChildEnd,
  type Interpretation,
  type Observer,
  type TimedEvent,
} from '../interpreter/interpretation';
import { numberWebhookEvents } from '../webhooks/number-events';
import { charts } from './charts';
import type { NumberContext } from './context';
import type { MessageEvent } from './events';
import { contextOf, numberRecord, transitionOf } from './number-record';
import { isSettled, outcomeOf, type Accepted } from './outcome';
import { accepts, rejectionOf } from './rejections';

/** What a run hands to the next one: plain JSON, absolute times. */
export interface Carried {
  chart: Interpretation;
  transitions: NumberRecord['transitions'];
  lastRefusal: NumberRecord['lastRefusal'];
  /** Somebody has endpoints that the number's webhook events go to. */
  webhooks: boolean;
  /** The version of the chart by which the number has lived until now, where the next run goes by another. */
  movedFrom?: number;
}

/**
 * A number's life without Temporal: messages, answers and timers go in, each with its time; a record, search attributes,
 * rejections and webhook events come out. Pure but for what it remembers: the workflow runs it, and the audit runs it again
 * from a history, so that what is verified is what ran.
 */
export class NumberLife {
  readonly #version: number;
  readonly #country: string;
  readonly #interpreter: Interpreter;
  #now: Interpretation;
  readonly #transitions: NumberRecord['transitions'];
  #lastRefusal: NumberRecord['lastRefusal'];
  #webhooks: boolean;
  #events: WebhookEvent[] = [];
  /** Accepted signals whose effect is not settled, one for each effect: what thousands ask for alike ends once. */
  readonly #open = new Map<string, Accepted & { name: MessageName; payload: unknown }>();

  /** @param at epoch milliseconds, as everywhere here @param observe is shown every step of the chart */
  constructor(
    start: NumberStart,
    carried: Carried | undefined,
    at: number,
    observe: Observer = () => undefined,
  ) {
    this.#version = start.chartVersion;
    this.#country = start.phoneNumber.country;
    this.#transitions = [...(carried?.transitions ?? [])];
    this.#lastRefusal = carried?.lastRefusal ?? null;
    this.#webhooks = carried?.webhooks ?? false;
    this.#interpreter = new Interpreter(charts.chartOf(this.#version), (before, after, event) => {
      this.#note(before, after, event);
      observe(before, after, event);
    });
    if (carried) {
      const move = { from: carried.movedFrom ?? this.#version, to: this.#version, at };
      this.#now = this.#interpreter.settle(charts.moveOver(carried.chart, move), at);
    } else this.#now = this.#interpreter.begin({ ...start, at });
  }

  get now(): Interpretation {
    return this.#now;
  }

  get chart() {
    return this.#interpreter.chart;
  }

  get webhooks(): boolean {
    return this.#webhooks;
  }

  /** No call is under way, and every signal has had its effect. */
  get idle(): boolean {
    return this.#open.size === 0 && Object.keys(this.#now.children).length === 0;
  }

  record(): NumberRecord {
    return numberRecord(this.#now, {
      transitions: this.#transitions,
      lastRefusal: this.#lastRefusal,
    });
  }

  attributes(): AttributeValues {
    return attributesOf(this.record(), this.#country);
  }

  /** The webhook events since the last time that it was asked. */
  takeWebhookEvents(): WebhookEvent[] {
    return this.#events.splice(0);
  }

  /** What the next run, which goes by that version of the chart, goes on from. */
  carry(version: number): Carried {
    return {
      chart: this.#now,
      transitions: this.#transitions,
      lastRefusal: this.#lastRefusal,
      webhooks: this.#webhooks,
      ...(version !== this.#version && { movedFrom: this.#version }),
    };
  }

  /** Why a message would be rejected at a moment, `null` if it would not; changes nothing: for validators. */
  validate(name: MessageName, payload: unknown, at: number): MessageRejection | null {
    const read = this.#read(name, payload, at);
    return 'type' in read ? read : null;
  }

  /** Acts on a message whose sender waits; what came of it says {@link outcomeOf} once it {@link isSettled}. */
  accept(name: MessageName, payload: unknown, at: number): Accepted | MessageRejection {
    const read = this.#read(name, payload, at);
    if ('type' in read) return read;
    const before = this.#now;
    this.#now = this.#interpreter.advance(before, read.event);
    return { event: read.event, before };
  }

  isSettled({ event }: Accepted): boolean {
    return isSettled(this.#now, event);
  }

  outcomeOf(accepted: Accepted): MessageRejection | null {
    return outcomeOf(this.chart, this.#now, accepted);
  }

  /**
   * Acts on a message that nobody waits for; one of no known name, too. A rejection changes nothing and shows as the
   * record's `lastRefusal`, at once or when {@link settleSignals} finds that it came to nothing.
   */
  signal(name: string, payload: unknown, at: number): MessageRejection | null {
    const accepted = this.#acceptSignal(name, payload, at);
    if ('type' in accepted) this.#refuse(name, accepted, payload, at);
    else if (!this.isSettled(accepted))
      this.#open.set(effectOf(accepted.event), { ...accepted, name: name as MessageName, payload });
    return 'type' in accepted ? accepted : null;
  }

  /** Of the signals whose effect is settled, those that came to nothing show as the record's `lastRefusal`. */
  settleSignals(at: number): void {
    for (const [effect, open] of this.#open) {
      if (!this.isSettled(open)) continue;
      this.#open.delete(effect);
      const rejection = this.outcomeOf(open);
      if (rejection) this.#refuse(open.name, rejection, open.payload, at);
    }
  }

  /** `setWebhooks`: whether there are endpoints from now on. Anything else than `{"on": true}` says that there are none. */
  setWebhooks(payload: unknown): void {
    this.#webhooks = (payload as { on?: unknown } | null | undefined)?.on === true;
  }

  fireTimer(id: string, at: number): void {
    this.#now = this.#interpreter.fire(this.#now, id, at);
  }

  /** Lets time pass: timers that are due fire. */
  settle(at: number): void {
    this.#now = this.#interpreter.settle(this.#now, at);
  }

  finishChild(child: { id: string; serial: number }, end: ChildEnd, at: number): void {
    this.#now = this.#interpreter.finishChild(this.#now, child, end, at);
  }

  #acceptSignal(name: string, payload: unknown, at: number): Accepted | MessageRejection {
    if (!messageNames.includes(name as MessageName)) {
      const message = `There is no message of this name; there are ${messageNames.join(', ')}.`;
      return { type: 'InvalidMessage', message };
    }
    // A signal would use the code up and show it to nobody.
    if (name === 'takeCode') {
      const message = 'A code can only be shown in an answer: send takeCode as an update.';
      return { type: 'WrongState', message };
    }
    return this.accept(name as MessageName, payload, at);
  }

  /** A message as the chart takes it, or why it does not. */
  #read(name: MessageName, payload: unknown, at: number): { event: MessageEvent } | MessageRejection {
    const read = readMessage(name, payload);
    if (!read.ok) return { type: 'InvalidMessage', message: `${name} was not understood: ${read.fault}.` };
    const now = new Interpreter(this.chart).settle(this.#now, at);
    const event = this.#meant(now, { ...read.message, type: name, at } as MessageEvent);
    return rejectionOf(this.chart, now, event) ?? { event };
  }

  /** A code that was received is handed in where the number waits for one; elsewhere the chart keeps it for a customer. */
  #meant(now: Interpretation, event: MessageEvent): MessageEvent {
    if (event.type !== 'receiveCode') return event;
    const text = wholeText(contextOf(now), event);
    const code = readCode(text);
    if (code === null) return event;
    const submitted: MessageEvent = { type: 'submitCode', code, at: event.at, by: event.by };
    const calledWrong = contextOf(now).code?.wrong.includes(code) === true;
    return calledWrong || accepts(this.chart, now, submitted) ? submitted : { ...event, text };
  }

  #refuse(name: string, { type, message }: MessageRejection, payload: unknown, at: number): void {
    const by = (payload as { by?: unknown } | null | undefined)?.by;
    this.#lastRefusal = {
      at: instant(at),
      name: name.slice(0, 100),
      type,
      message,
      by: typeof by === 'string' ? by.slice(0, 200) : null,
    };
  }

  #note(before: Interpretation, after: Interpretation, event: TimedEvent): void {
    const change = transitionOf(before, after, event);
    if (change) this.#transitions.push(change);
    this.#webhooks = webhooksIn(event) ?? this.#webhooks;
    if (!this.#webhooks) return;
    const step = { before: contextOf(before), after: contextOf(after), at: instant(event.at), change };
    const record = numberRecord(after, { transitions: this.#transitions, lastRefusal: this.#lastRefusal });
    this.#events.push(...numberWebhookEvents({ ...step, record }));
  }
}

/** The text, with the part of it that came before from the same sender where it holds half a code. */
function wholeText({ parts }: NumberContext, { text, from, at }: ReceivedEvent): string {
  if (from === undefined || !mayBePart(text)) return text;
  const other = parts.find((part) => part.from === from && at - part.at < PARTS_WITHIN);
  return (other && joined(other.text, text)) ?? text;
}

type ReceivedEvent = Extract<MessageEvent, { type: 'receiveCode' }>;

/** Whether the worker that added the number has endpoints: the answer or the failure of adding it says so. */
const webhooksIn = (event: TimedEvent): boolean | undefined => {
  type Stated = { webhooks?: boolean } | null;
  const { actorId, output, error } = event as { actorId?: string; output?: Stated; error?: Stated };
  return actorId === 'addNumber' ? (output ?? error)?.webhooks : undefined;
};

/** Messages of one effect end alike. */
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
