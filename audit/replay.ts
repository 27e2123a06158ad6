import type { MessageRejection } from '../contract/message-rejection';
import type { WebhookActivities } from '../contract/webhook-activities';
import type { Child, ChildEnd, Interpretation } from '../workflows/interpreter/interpretation';
import { failedEnd } from '../workflows/life/failed-end';
import type { Accepted, LifeEvent } from '../workflows/life/kind';
import { markOf, ofKey, UnreadablePayload } from '../workflows/interpreter/unreadable-payload';
import { Attributes } from './compare/attributes';
import { compareTimes } from './compare/clock';
import { Calls } from './compare/calls';
import { compareAnswer, compareContinued, compareResult } from './compare/ends';
import type { Find, Finding } from './compare/finding';
import { Timers } from './compare/timers';
import { Webhooks } from './compare/webhooks';
import { kindOf, type AuditedCarried, type AuditedKind, type AuditedLife, type AuditedRecord } from './kinds';
import type { Fact, Recorded } from './recorded';
import { tasksOf, type Task } from './tasks';
import { opened, Unreadable } from './unreadable';

/** What the number or customer went through at one event of the history. */
export interface Step {
  before: Interpretation;
  after: Interpretation;
  rejection: MessageRejection | null;
}

/**
 * Runs the recorded events of one run through the number's or customer's life again, workflow task by workflow task, and compares what
 * the life then wants (calls, timers, search attributes, webhooks, the result) with what the history holds.
 */
export class Replay {
  readonly findings: Finding[] = [];
  /** By the event's ID. */
  readonly steps = new Map<number, Step>();
  readonly #kind: AuditedKind;
  readonly #chartVersion: number;
  readonly #begin: (at: number) => AuditedLife;
  #started: AuditedLife | null = null;
  readonly #calls: Calls;
  readonly #timers: Timers;
  readonly #attributes: Attributes;
  readonly #webhooks: Webhooks;
  /** Updates that were accepted, by their events: with their outcome once their effect is settled. */
  readonly #updates = new Map<number, { accepted: Accepted<LifeEvent>; outcome?: MessageRejection | null }>();
  /** Marks of the history: keys whose payloads could not be read. */
  readonly #patches = new Set<string>();
  readonly #find: Find = (eventId, what) => this.findings.push({ eventId, what });

  constructor(private readonly events: readonly Recorded[]) {
    const [first] = events;
    if (first?.event.kind !== 'started') throw new Unreadable('the history does not begin with a start');
    const { workflowType, input, attributes } = first.event;
    const kind = kindOf(workflowType);
    if (!kind) throw new Unreadable(`${workflowType} is the life of no number and no customer`);
    const [start, carried] = input.map(opened) as [unknown, AuditedCarried | undefined];
    const begun = kind.begun(start);
    if (!begun.ok) throw new Unreadable(`the start is not understood: ${begun.fault}`);
    this.#kind = kind;
    this.#chartVersion = begun.chartVersion;
    this.#begin = (at) => begun.begin(carried, at);
    this.#calls = new Calls(this.#find, kind, startedBefore(carried));
    this.#timers = new Timers(this.#find);
    this.#attributes = new Attributes(this.#find, attributes);
    this.#webhooks = new Webhooks(this.#find);
  }

  /** The record as it stood at a moment, in epoch milliseconds; `null` before the first event that the chart took. */
  recordAt(at: number): AuditedRecord | null {
    const ids = this.events.filter((event) => event.at <= at).map(({ id }) => id);
    const last = ids.findLast((id) => this.steps.has(id));
    const step = last === undefined ? undefined : this.steps.get(last);
    return step ? this.#life.kind.record(step.after, { transitions: [], lastRefusal: null }) : null;
  }

  /** What the run is continued with or ends with, by the chart. */
  record(): AuditedRecord {
    return this.#life.record();
  }

  run(): this {
    this.#checkNumbers();
    compareTimes(this.events, this.#find);
    for (const task of tasksOf(this.events.slice(1))) this.#task(task);
    return this;
  }

  get #life(): AuditedLife {
    if (!this.#started) throw new Unreadable('the run had no workflow task yet');
    return this.#started;
  }

  #task({ at, messages, arrived, made }: Task): void {
    this.#started ??= this.#begin(at);
    for (const { event } of made) if (event.kind === 'patch') this.#patches.add(event.id);
    for (const recorded of messages) this.#message(recorded, at);
    for (const recorded of arrived) this.#answer(recorded, at);
    this.#life.endTask(at);
    for (const update of this.#updates.values())
      if (update.outcome === undefined && this.#life.isSettled(update.accepted))
        update.outcome = this.#life.outcomeOf(update.accepted);
    this.#compare(at, made);
  }

  #message({ id, event }: Recorded, at: number): void {
    if (event.kind !== 'signal' && event.kind !== 'update') return;
    const keyId = event.kind === 'signal' ? event.keyId : null;
    const payload = keyId !== null && this.#patches.has(markOf(keyId)) ? ofKey(keyId) : opened(event.payload);
    if (event.kind === 'signal' && event.name === 'setWebhooks' && !(payload instanceof UnreadablePayload)) {
      this.#life.setWebhooks(payload);
      return;
    }
    const before = this.#life.now;
    const rejection =
      event.kind === 'signal'
        ? this.#life.signal(event.name, payload, at)
        : this.#update(id, event.name, payload, at);
    this.steps.set(id, { before, after: this.#life.now, rejection });
  }

  #update(id: number, name: string, payload: unknown, at: number): MessageRejection | null {
    if (!this.#life.kind.messageNames.includes(name)) {
      this.#find(id, `the update ${name} was accepted, though there is none of this name`);
      return null;
    }
    const accepted = this.#life.accept(name, payload, at);
    if ('type' in accepted) return accepted;
    // What is settled at once did what it asked for.
    this.#updates.set(id, this.#life.isSettled(accepted) ? { accepted, outcome: null } : { accepted });
    return null;
  }

  #answer({ id, at: recordedAt, event }: Recorded, at: number): void {
    const before = this.#life.now;
    switch (event.kind) {
      case 'callDone': {
        const result = opened(event.result);
        if (this.#webhooks.end(event.call)) {
          const { webhooks } = result as Awaited<ReturnType<WebhookActivities['startDeliveries']>>;
          if (!webhooks) this.#life.setWebhooks({ on: false });
          return;
        }
        this.#finish(event.call, () => ({ output: result ?? null }), at, id);
        break;
      }
      case 'callFailed':
        this.#finish(event.call, () => failedEnd(event.error), at, id);
        break;
      case 'callTimedOut':
        this.#finish(event.call, (child) => this.#life.kind.unansweredEnd(child), at, id);
        break;
      case 'timerFired': {
        const timer = this.#timers.fired(event.timer, recordedAt, id);
        if (!timer) return;
        if (before.timers[timer.id]?.dueAt === timer.dueAt)
          this.#life.fireTimer(timer.id, Math.max(timer.dueAt, at));
        break;
      }
      default:
        return;
    }
    this.steps.set(id, { before, after: this.#life.now, rejection: null });
  }

  #finish(scheduled: number, endOf: (child: Child) => ChildEnd, at: number, eventId: number): void {
    const call = this.#calls.end(scheduled, eventId);
    if (!call) return;
    const { id, child } = call;
    this.#life.finishChild({ id, serial: child.serial }, endOf(child), at);
  }

  #compare(at: number, made: Recorded[]): void {
    // Somebody cancelled the workflow: it begins nothing more, whatever the chart wants.
    if (made.some(({ event }) => event.kind === 'ended' && event.how === 'cancelled')) return;
    const { now } = this.#life;
    this.#calls.compare(now, made);
    this.#webhooks.compare(this.#life.takeWebhookEvents(), made);
    this.#timers.compare(now, at, made);
    this.#attributes.compare(this.#life.attributes(), made);
    for (const recorded of made) this.#compareEnd(recorded);
    // The last webhook events are handed on before the workflow ends.
    const over = now.done && this.#webhooks.underWay.length === 0 && this.#life.backlog === 0;
    if (over && !made.some(({ event }) => ends.has(event.kind))) {
      const last = made.at(-1)?.id ?? this.events.at(-1)?.id ?? 0;
      this.#find(last, `the life of the ${this.#kind.name} has ended by the chart, but the workflow went on`);
    }
  }

  #compareEnd({ id, event }: Recorded): void {
    const find = this.#find;
    switch (event.kind) {
      case 'completed': {
        const result = opened(event.result) as AuditedRecord;
        if (!this.#life.now.done)
          find(id, `the workflow ended, though the life of the ${this.#kind.name} has not by the chart`);
        compareResult(find, id, result, this.record());
        break;
      }
      case 'continued': {
        const chartVersion = this.#chartVersion;
        compareContinued(find, id, event.input, {
          chartVersion,
          own: this.#life.carry(chartVersion, this.#webhooks.underWay),
        });
        break;
      }
      case 'updateEnded':
        compareAnswer(find, id, event, this.#updates.get(event.accepted)?.outcome);
    }
  }

  #checkNumbers(): void {
    this.events.forEach(({ id }, index) => {
      if (id !== index + 1)
        this.#find(id, `the event stands at place ${String(index + 1)}: events are missing or out of order`);
    });
  }
}

/** The last child that earlier runs started and this one does not start again. */
const startedBefore = (carried: AuditedCarried | undefined) =>
  carried
    ? Math.min(
        carried.chart.started,
        ...Object.values(carried.chart.children).map(({ serial }) => serial - 1),
      )
    : 0;

const ends = new Set<Fact['kind']>(['completed', 'failed', 'continued', 'ended']);
