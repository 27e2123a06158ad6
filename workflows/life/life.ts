import type { MessageRejection } from '../../contract/message-rejection';
import { instant } from '../../contract/times';
import type { WebhookEvent } from '../../contract/webhook-events';
import type { ChildEnd, Interpretation, Observer, TimedEvent } from '../interpreter/interpretation';
import { Interpreter } from '../interpreter/interpreter';
import { UnreadablePayload } from '../interpreter/unreadable-payload';
import type { Accepted, Kept, LifeEvent, LifeKind } from './kind';

/** What a run hands to the next one: plain JSON, absolute times. */
export interface Carried<Name extends string, Event, LifeRecord extends Kept> {
  chart: Interpretation;
  transitions: LifeRecord['transitions'];
  lastRefusal: LifeRecord['lastRefusal'];
  /** Somebody has endpoints that the life's webhook events go to. */
  webhooks: boolean;
  /** Webhook events that were not handed on yet. */
  undelivered?: WebhookEvent[];
  /** Signals whose effect is not settled. */
  open?: { name: Name; event: Event }[];
  /** The version of the chart by which it has lived until now, where the next run goes by another. */
  movedFrom?: number;
}

/** A worker gives a workflow task five seconds; a signal takes a fraction of a millisecond, on a busy machine some more. */
export const SIGNALS_PER_TASK = 500;
/** The timer after which a life goes on with the signals that it has not acted on yet. */
export const BACKLOG = 'backlog';
/** Temporal keeps the history; the record has the newest ones. */
const TRANSITIONS = 200;

/**
 * A life without Temporal: messages, answers and timers go in, each with its time; a record, rejections and webhook events
 * come out. Pure but for what it remembers: the workflow runs it, and the audit runs it again from a history, so that what
 * is verified is what ran.
 */
export class Life<Name extends string, Event extends LifeEvent, LifeRecord extends Kept> {
  readonly #version: number;
  readonly #interpreter: Interpreter;
  #now: Interpretation;
  readonly #transitions: LifeRecord['transitions'];
  #lastRefusal: LifeRecord['lastRefusal'];
  #webhooks: boolean;
  #events: WebhookEvent[] = [];
  /** Accepted signals whose effect is not settled, one for each effect: what thousands ask for alike ends once. */
  readonly #open = new Map<string, Accepted<Event> & { name: Name }>();
  /** Signals that came in a task which had enough of them, in their order. */
  #backlog: { name: string; payload: unknown }[] = [];
  #backlogDueAt = 0;
  #actedOn = 0;

  /** @param at epoch milliseconds, as everywhere here @param observe is shown every step of the chart */
  constructor(
    readonly kind: LifeKind<Name, Event, LifeRecord>,
    start: { chartVersion: number },
    carried: Carried<Name, Event, LifeRecord> | undefined,
    at: number,
    observe: Observer = () => undefined,
  ) {
    this.#version = start.chartVersion;
    this.#transitions = [...(carried?.transitions ?? [])];
    this.#lastRefusal = carried?.lastRefusal ?? null;
    this.#webhooks = carried?.webhooks ?? false;
    this.#events = [...(carried?.undelivered ?? [])];
    this.#interpreter = new Interpreter(kind.charts.chartOf(this.#version), (before, after, event) => {
      this.#note(before, after, event);
      observe(before, after, event);
    });
    if (carried) {
      const move = { from: carried.movedFrom ?? this.#version, to: this.#version, at };
      this.#now = this.#interpreter.settle(kind.charts.moveOver(carried.chart, move), at);
      const once = kind.once === null ? undefined : this.#now.children[kind.once];
      if (once) this.finishChild({ ...once, id: String(kind.once) }, kind.unansweredEnd(once), at);
      for (const { name, event } of carried.open ?? [])
        this.#open.set(kind.effectOf(event), { name, event, before: carried.chart });
    } else this.#now = this.#interpreter.begin({ ...start, at });
  }

  /** The chart as it stands; a backlog is one timer more. */
  get now(): Interpretation {
    if (this.#backlog.length === 0) return this.#now;
    const backlog = { dueAt: this.#backlogDueAt, event: { type: BACKLOG } };
    return { ...this.#now, timers: { ...this.#now.timers, [BACKLOG]: backlog } };
  }

  get chart() {
    return this.#interpreter.chart;
  }

  get webhooks(): boolean {
    return this.#webhooks;
  }

  /** No call is under way, and every signal has had its effect. */
  get idle(): boolean {
    return this.#open.size === 0 && this.backlog === 0 && Object.keys(this.#now.children).length === 0;
  }

  /** Signals that are not acted on yet. */
  get backlog(): number {
    return this.#backlog.length;
  }

  /**
   * Another run can go on from here: its calls read before they write. A call that must not be made again has its answer
   * awaited; a run that cannot wait goes on as if the answer were lost.
   */
  get portable(): boolean {
    const { once } = this.kind;
    return once === null || !(once in this.#now.children);
  }

  record(): LifeRecord {
    return this.kind.record(this.#now, { transitions: this.#transitions, lastRefusal: this.#lastRefusal });
  }

  /** The webhook events since the last time that it was asked. */
  takeWebhookEvents(): WebhookEvent[] {
    return this.#events.splice(0);
  }

  /** What the next run, which goes by that version of the chart, goes on from. @param undelivered webhook events under way */
  carry(version: number, undelivered: WebhookEvent[] = []): Carried<Name, Event, LifeRecord> {
    const open = [...this.#open.values()].map(({ name, event }) => ({ name, event }));
    return {
      chart: { ...this.#now, children: madeAgain(this.#now.children) },
      transitions: this.#transitions,
      lastRefusal: this.#lastRefusal,
      webhooks: this.#webhooks,
      ...(undelivered.length > 0 && { undelivered }),
      ...(open.length > 0 && { open }),
      ...(version !== this.#version && { movedFrom: this.#version }),
    };
  }

  /** Why a message would be rejected at a moment, `null` if it would not; changes nothing: for validators. */
  validate(name: Name, payload: unknown, at: number): MessageRejection | null {
    const read = this.#read(name, payload, at);
    return 'type' in read ? read : null;
  }

  /** Acts on a message whose sender waits; what came of it says {@link outcomeOf} once it {@link isSettled}. */
  accept(name: Name, payload: unknown, at: number): Accepted<Event> | MessageRejection {
    const read = this.#read(name, payload, at);
    if ('type' in read) return read;
    const before = this.#now;
    this.#now = this.#interpreter.advance(before, read.event);
    return { event: read.event, before };
  }

  isSettled({ event }: Accepted<Event>): boolean {
    return this.kind.isSettled(this.#now, event);
  }

  outcomeOf(accepted: Accepted<Event>): MessageRejection | null {
    return this.kind.outcomeOf(this.chart, this.#now, accepted);
  }

  /**
   * Acts on a message that nobody waits for; one of no known name, too. A rejection changes nothing and shows as the
   * record's `lastRefusal`, at once or when {@link endTask} finds that it came to nothing. What is more than a task can
   * act on waits for the next one.
   */
  signal(name: string, payload: unknown, at: number): MessageRejection | null {
    if (this.#backlog.length === 0 && this.#actedOn < SIGNALS_PER_TASK) return this.#act(name, payload, at);
    if (this.#backlog.length === 0) this.#backlogDueAt = at;
    this.#backlog.push({ name, payload });
    return null;
  }

  /** At the end of a task: signals whose effect is settled and that came to nothing show as the record's `lastRefusal`. */
  endTask(at: number): void {
    this.#actedOn = 0;
    for (const [effect, open] of this.#open) {
      if (!this.isSettled(open)) continue;
      this.#open.delete(effect);
      const rejection = this.outcomeOf(open);
      if (rejection) this.#refuse(open.name, rejection, open.event, at);
    }
  }

  /** `setWebhooks`: whether there are endpoints from now on. Anything else than `{"on": true}` says that there are none. */
  setWebhooks(payload: unknown): void {
    this.#webhooks = (payload as { on?: unknown } | null | undefined)?.on === true;
  }

  fireTimer(id: string, at: number): void {
    if (id === BACKLOG) this.#actOnBacklog(at);
    else this.#now = this.#interpreter.fire(this.#now, id, at);
  }

  /** Lets time pass: timers that are due fire. */
  settle(at: number): void {
    this.#now = this.#interpreter.settle(this.#now, at);
  }

  finishChild(child: { id: string; serial: number }, end: ChildEnd, at: number): void {
    this.#now = this.#interpreter.finishChild(this.#now, child, end, at);
  }

  #actOnBacklog(at: number): void {
    this.#backlogDueAt = at;
    for (const { name, payload } of this.#backlog.splice(0, SIGNALS_PER_TASK)) this.#act(name, payload, at);
  }

  #act(name: string, payload: unknown, at: number): MessageRejection | null {
    this.#actedOn++;
    const accepted = this.#acceptSignal(name, payload, at);
    if ('type' in accepted) this.#refuse(name, accepted, payload, at);
    else if (!this.isSettled(accepted))
      this.#open.set(this.kind.effectOf(accepted.event), { ...accepted, name: name as Name });
    return 'type' in accepted ? accepted : null;
  }

  #acceptSignal(name: string, payload: unknown, at: number): Accepted<Event> | MessageRejection {
    const { messageNames } = this.kind;
    if (payload instanceof UnreadablePayload) {
      return { type: 'InvalidMessage', message: `${name} could not be read: ${payload.reason}.` };
    }
    if (!messageNames.includes(name as Name)) {
      const message = `There is no message of this name; there are ${messageNames.join(', ')}.`;
      return { type: 'InvalidMessage', message };
    }
    return this.kind.refusedAsSignal(name as Name) ?? this.accept(name as Name, payload, at);
  }

  /** A message as the chart takes it, or why it does not. */
  #read(name: Name, payload: unknown, at: number): { event: Event } | MessageRejection {
    const read = this.kind.read(name, payload);
    if (!read.ok) return { type: 'InvalidMessage', message: `${name} was not understood: ${read.fault}.` };
    const now = new Interpreter(this.chart).settle(this.#now, at);
    const said = { ...read.message, type: name, at } as unknown as Event;
    const event = this.kind.meant(this.chart, now, said);
    return this.kind.rejectionOf(this.chart, now, event) ?? { event };
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
    const change = this.kind.transitionOf(before, after, event);
    if (change) this.#transitions.push(change);
    this.#transitions.splice(0, this.#transitions.length - TRANSITIONS);
    this.#webhooks = this.kind.webhooksIn(event) ?? this.#webhooks;
    if (!this.#webhooks) return;
    const record = this.kind.record(after, {
      transitions: this.#transitions,
      lastRefusal: this.#lastRefusal,
    });
    this.#events.push(...this.kind.webhookEvents({ before, after, event, change, record }));
  }
}

/** Calls as the next run makes them: an attempt came before, and nobody knows what it did. */
const madeAgain = (children: Interpretation['children']): Interpretation['children'] =>
  Object.fromEntries(
    Object.entries(children).map(([id, child]) => [
      id,
      { ...child, input: { ...(child.input as object), retried: true } },
    ]),
  );
