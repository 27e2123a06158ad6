import type { AnyStateMachine } from 'xstate';
import type { WebhookActivities } from '../contract/webhook-activities';
import { Interpreter, type Child, type Interpretation } from '../workflows/interpreter/interpretation';
import { refusalOf, webhooksIn } from '../workflows/number/call-outcome';
import { chartOf, takenOver } from '../workflows/number/charts';
import { readEvent, unanswered, type Refused } from '../workflows/number/intake';
import type { Carried } from '../workflows/number/number-life';
import { contextOf, instant, numberRecord, type Told } from '../workflows/number/number-record';
import { refusal } from '../workflows/number/refusals';
import { attributesOf } from '../contract/search-attributes';
import { readStart, type NumberStart } from '../contract/number-start';
import { transitionOf } from '../workflows/number/transition';
import { messageNames, type MessageName } from '../contract/messages';
import type { NumberRecord } from '../contract/number-record';
import { numberWebhookEvents } from '../workflows/webhooks/number-events';
import { Attributes } from './compare/attributes';
import { Calls } from './compare/calls';
import { compareAnswer, compareContinued, compareResult } from './compare/ends';
import type { Find, Finding } from './compare/finding';
import { NewsTold } from './compare/news';
import { Timers } from './compare/timers';
import { Outcomes, type Sent } from './outcomes';
import type { Fact, Recorded } from './recorded';
import { tasksOf, type Task } from './tasks';
import { opened, Unreadable } from './unreadable';

/** What the chart went through at one event of the history. */
export interface Step {
  before: Interpretation;
  after: Interpretation;
  refused: Refused | null;
}

/**
 * Runs the recorded events of one run through the pure chart, workflow task by workflow task, and compares what the chart
 * then wants (calls, timers, search attributes, the result) with what the history holds.
 */
export class Replay {
  readonly findings: Finding[] = [];
  /** By the event's ID. */
  readonly steps = new Map<number, Step>();
  readonly #chart: AnyStateMachine;
  readonly #interpreter: Interpreter;
  readonly #start: NumberStart;
  readonly #told: Told;
  readonly #carried: Carried | undefined;
  #now: Interpretation | null = null;
  #webhooks: boolean;
  readonly #calls: Calls;
  readonly #timers: Timers;
  readonly #attributes: Attributes;
  readonly #news: NewsTold;
  readonly #outcomes: Outcomes;
  readonly #find: Find = (eventId, what) => this.findings.push({ eventId, what });

  constructor(private readonly events: readonly Recorded[]) {
    const [first] = events;
    if (first?.event.kind !== 'started') throw new Unreadable('the history does not begin with a start');
    const { input, attributes } = first.event;
    const [start, carried] = input.map(opened);
    const read = readStart(start);
    if (!read.ok) throw new Unreadable(`the start is not understood: ${read.fault}`);
    this.#start = read.start;
    this.#chart = chartOf(read.start.chartVersion);
    this.#carried = carried as Carried | undefined;
    this.#told = structuredClone(this.#carried?.told) ?? { transitions: [], lastRefusal: null };
    this.#webhooks = this.#carried?.webhooks ?? false;
    this.#outcomes = new Outcomes(this.#told);
    this.#calls = new Calls(this.#find, this.#carried?.chart.started ?? 0);
    this.#timers = new Timers(this.#find);
    this.#attributes = new Attributes(this.#find, attributes);
    this.#news = new NewsTold(this.#find);
    this.#interpreter = new Interpreter(this.#chart, (before, after, event) => {
      const change = transitionOf(before, after, event);
      if (change) this.#told.transitions.push(change);
      this.#webhooks = webhooksIn(event) ?? this.#webhooks;
      if (!this.#webhooks) return;
      const step = { before: contextOf(before), after: contextOf(after), at: instant(event.at), change };
      this.#news.add(numberWebhookEvents({ ...step, record: numberRecord(after, this.#told) }));
    });
  }

  /** What the run is continued with or ends with, as the chart sees it. */
  record(): NumberRecord {
    return numberRecord(this.#current, this.#told);
  }

  run(): this {
    this.#checkNumbers();
    for (const task of tasksOf(this.events.slice(1))) this.#task(task);
    return this;
  }

  get #current(): Interpretation {
    if (!this.#now) throw new Unreadable('the run had no workflow task yet');
    return this.#now;
  }

  #task({ at, messages, arrived, made }: Task): void {
    if (!this.#now) this.#begin(at);
    for (const recorded of messages) this.#message(recorded, at);
    for (const recorded of arrived) this.#answer(recorded, at);
    this.#outcomes.settle(this.#current, at);
    this.#compare(at, made);
  }

  #begin(at: number): void {
    const { chartVersion: to } = this.#start;
    this.#now = this.#carried
      ? this.#interpreter.settle(
          takenOver(this.#carried.chart, { from: this.#carried.movedFrom ?? to, to, at }),
          at,
        )
      : this.#interpreter.begin({ ...this.#start, at });
  }

  #message({ id, event }: Recorded, at: number): void {
    if (event.kind !== 'signal' && event.kind !== 'update') return;
    const { name } = event;
    const payload = opened(event.payload);
    const update = event.kind === 'update' ? id : null;
    if (name === 'setWebhooks' && update === null) {
      this.#webhooks = (payload as { on?: unknown } | null | undefined)?.on === true;
      return;
    }
    const before = this.#current;
    const sent = { name, payload, update };
    const refused = this.#deliver(sent, at);
    if (refused) this.#outcomes.end(sent, refused, at);
    this.steps.set(id, { before, after: this.#current, refused });
  }

  #deliver(sent: Sent, at: number): Refused | null {
    const { name, payload, update } = sent;
    if (!messageNames.includes(name as MessageName)) {
      const message = `There is no message of this name; there are ${messageNames.join(', ')}.`;
      return { type: 'InvalidMessage', message };
    }
    if (name === 'takeCode' && update === null) return unanswered;
    const settled = new Interpreter(this.#chart).settle(this.#current, at);
    const read = readEvent(this.#chart, settled, name as MessageName, payload, at);
    if ('type' in read) return read;
    const refused = refusal(this.#chart, settled, read.event);
    if (refused) return refused;
    const before = this.#current;
    this.#now = this.#interpreter.advance(before, read.event);
    this.#outcomes.accepted(sent, read.event, { before, now: this.#now });
    return null;
  }

  #answer({ id, at: recordedAt, event }: Recorded, at: number): void {
    const before = this.#current;
    switch (event.kind) {
      case 'callDone': {
        const result = opened(event.result);
        if (this.#news.end(event.call)) {
          if (!(result as Awaited<ReturnType<WebhookActivities['startDeliveries']>>).webhooks) this.#webhooks = false;
          return;
        }
        this.#finish(event.call, () => ({ output: result ?? null }), at, id);
        break;
      }
      case 'callFailed':
        this.#finish(event.call, () => ({ error: refusalOf(event.error) }), at, id);
        break;
      case 'callTimedOut':
        this.#finish(event.call, endWithoutAnswer, at, id);
        break;
      case 'timerFired': {
        const timer = this.#timers.fired(event.timer, recordedAt, id);
        if (!timer) return;
        if (this.#current.timers[timer.id]?.dueAt === timer.dueAt) {
          this.#now = this.#interpreter.fire(this.#current, timer.id, Math.max(timer.dueAt, at));
        }
        break;
      }
      default:
        return;
    }
    this.steps.set(id, { before, after: this.#current, refused: null });
  }

  #finish(scheduled: number, endOf: (child: Child) => End, at: number, eventId: number): void {
    const call = this.#calls.end(scheduled, eventId);
    if (!call) return;
    const { id, child } = call;
    this.#now = this.#interpreter.finishChild(this.#current, { id, serial: child.serial }, endOf(child), at);
  }

  #compare(at: number, made: Recorded[]): void {
    this.#calls.compare(this.#current, made);
    this.#news.compare(made);
    this.#timers.compare(this.#current, at, made);
    this.#attributes.compare(attributesOf(this.record(), this.#start.phoneNumber.country), made);
    for (const recorded of made) this.#compareEnd(recorded);
    // Others are told of the end before the workflow ends.
    const over = this.#current.done && !this.#news.underWay;
    if (over && !made.some(({ event }) => ends.has(event.kind))) {
      const last = made.at(-1)?.id ?? this.events.at(-1)?.id ?? 0;
      this.#find(last, 'the life of the number has ended by the chart, but the workflow went on');
    }
  }

  #compareEnd({ id, event }: Recorded): void {
    const find = this.#find;
    switch (event.kind) {
      case 'completed': {
        const result = opened(event.result) as NumberRecord;
        if (!this.#current.done)
          find(id, 'the workflow ended, though the life of the number has not by the chart');
        compareResult(find, id, result, this.record());
        break;
      }
      case 'continued': {
        const own = { chart: this.#current, told: this.#told, webhooks: this.#webhooks };
        compareContinued(find, id, event.input, { chartVersion: this.#start.chartVersion, own });
        break;
      }
      case 'updateEnded':
        compareAnswer(find, id, event, this.#outcomes.of(event.accepted));
    }
  }

  #checkNumbers(): void {
    this.events.forEach(({ id }, index) => {
      if (id !== index + 1)
        this.#find(id, `the event stands at place ${String(index + 1)}: events are missing or out of order`);
    });
  }
}

const ends = new Set<Fact['kind']>(['completed', 'failed', 'continued', 'ended']);

/** How a call ended, as the chart takes it. */
type End = { output: unknown } | { error: unknown };

/** Whether a code was sent is not known then; everything else has failed. */
const endWithoutAnswer = ({ src }: Child): End =>
  src === 'requestCode' ? { output: { outcome: 'unknown' } } : { error: refusalOf(undefined) };
