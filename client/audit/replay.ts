import { isDeepStrictEqual } from 'node:util';
import type { AnyStateMachine } from 'xstate';
import type { NewsActivities } from '../../activities/telling/interface';
import { Interpreter, type Child, type Interpretation } from '../../workflows/interpreter/interpretation';
import { activityOf, refusalOf, tellingIn } from '../../workflows/lifecycle/call-outcome';
import { chartOf, takenOver } from '../../workflows/lifecycle/charts';
import type { MessageEvent } from '../../workflows/lifecycle/events';
import { readEvent, refusalNote, unanswered, type Refused } from '../../workflows/lifecycle/intake';
import type { Carried } from '../../workflows/lifecycle/number-life';
import { contextOf, instant, numberRecord, type Told } from '../../workflows/lifecycle/number-record';
import { refusal } from '../../workflows/lifecycle/refusals';
import {
  attributesOf,
  changedAttributes,
  type AttributeValues,
} from '../../workflows/lifecycle/search-attributes';
import { failureOf, isSettled } from '../../workflows/lifecycle/settlement';
import { readStart, type NumberStart } from '../../workflows/lifecycle/start';
import { transitionOf } from '../../workflows/lifecycle/transition';
import { messageNames, type MessageName } from '../../workflows/messages';
import type { NumberRecord } from '../../workflows/record';
import type { News } from '../../workflows/telling/news';
import { numberNews } from '../../workflows/telling/number-news';
import { Sealed } from '../connection/sealed';
import type { Fact, Recorded } from './recorded';
import { tasksOf, type Task } from './tasks';

/** A disagreement between the history and what the chart makes of it. */
export interface Finding {
  eventId: number;
  what: string;
}

/** What the chart went through at one event of the history. */
export interface Step {
  before: Interpretation;
  after: Interpretation;
  refused: Refused | null;
}

/** Thrown where the chart cannot be followed any further: the reader lacks a key, or the history makes no sense. */
export class Unreadable extends Error {}

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
  #published: AttributeValues;
  #lastSerial: number;
  #telling: boolean;
  /** What others are to be told and were not yet. */
  readonly #news: News[] = [];
  /** Activities that tell them, by the event that scheduled each. */
  readonly #tellings = new Set<number>();
  /** Timers and calls that the server has, by the event that started them. */
  readonly #timers = new Map<number, { id: string; dueAt: number }>();
  readonly #calls = new Map<number, { id: string; child: Child }>();
  readonly #waiting: {
    name: string;
    event: MessageEvent;
    payload: unknown;
    update: number | null;
    before: Interpretation;
  }[] = [];
  readonly #refusedUpdates = new Map<number, Refused | null>();

  constructor(private readonly events: readonly Recorded[]) {
    const [first] = events;
    if (first?.event.kind !== 'started') throw new Unreadable('the history does not begin with a start');
    const { input, attributes } = first.event;
    const [start, carried] = open(input);
    const read = readStart(start);
    if (!read.ok) throw new Unreadable(`the start is not understood: ${read.fault}`);
    this.#start = read.start;
    this.#chart = chartOf(read.start.chartVersion);
    this.#carried = carried as Carried | undefined;
    this.#told = structuredClone(this.#carried?.told) ?? { transitions: [], lastRefusal: null };
    this.#published = attributeValues(attributes);
    this.#lastSerial = this.#carried?.chart.started ?? 0;
    this.#telling = this.#carried?.telling ?? false;
    this.#interpreter = new Interpreter(this.#chart, (before, after, event) => {
      const change = transitionOf(before, after, event);
      if (change) this.#told.transitions.push(change);
      if (!this.#telling) return;
      const step = { before: contextOf(before), after: contextOf(after), at: instant(event.at), change };
      this.#news.push(...numberNews({ ...step, record: numberRecord(after, this.#told) }));
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
    this.#settle(at);
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
    const { name, payload } = event;
    if (payload instanceof Sealed) throw sealed(payload);
    const update = event.kind === 'update' ? id : null;
    if (name === 'telling' && update === null) {
      this.#telling = (payload as { on?: unknown } | null | undefined)?.on === true;
      return;
    }
    const before = this.#current;
    const refused = this.#deliver(name, payload, at, update);
    if (refused && update === null) this.#told.lastRefusal = refusalNote(name, refused, payload, at);
    if (update !== null && refused) this.#refusedUpdates.set(update, refused);
    this.steps.set(id, { before, after: this.#current, refused });
  }

  #deliver(name: string, payload: unknown, at: number, update: number | null): Refused | null {
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
    if (!isSettled(this.#now, read.event)) {
      this.#waiting.push({ name, event: read.event, payload, update, before });
    } else if (update !== null) this.#refusedUpdates.set(update, null);
    return null;
  }

  #answer({ id, at: recordedAt, event }: Recorded, at: number): void {
    const before = this.#current;
    switch (event.kind) {
      case 'callDone':
        if (event.result instanceof Sealed) throw sealed(event.result);
        if (this.#tellings.delete(event.call)) {
          if (!(event.result as Awaited<ReturnType<NewsActivities['tellOthers']>>).telling)
            this.#telling = false;
          return;
        }
        this.#finish(event.call, { output: event.result ?? null }, at, id);
        break;
      case 'callFailed':
        this.#finish(event.call, { error: refusalOf(event.error) }, at, id);
        break;
      case 'callTimedOut': {
        const asked = this.#calls.get(event.call)?.child.src === 'requestCode';
        this.#finish(
          event.call,
          asked ? { output: { outcome: 'unknown' } } : { error: refusalOf(undefined) },
          at,
          id,
        );
        break;
      }
      case 'timerFired': {
        const timer = this.#timers.get(event.timer);
        if (!timer) {
          this.#find(id, 'a timer fired that was never started');
          return;
        }
        if (recordedAt < timer.dueAt - 1) {
          this.#find(
            id,
            `a timer fired at ${instant(recordedAt)}, before it was due at ${instant(timer.dueAt)}`,
          );
        }
        this.#timers.delete(event.timer);
        if (this.#current.timers[timer.id]?.dueAt === timer.dueAt) {
          this.#now = this.#interpreter.fire(this.#current, timer.id, Math.max(timer.dueAt, at));
        }
        break;
      }
      case 'timerCancelled':
      case 'update':
        return;
      default:
        return;
    }
    this.steps.set(id, { before, after: this.#current, refused: null });
  }

  #finish(scheduled: number, end: { output: unknown } | { error: unknown }, at: number, id: number): void {
    const call = this.#calls.get(scheduled);
    if (!call) {
      this.#find(id, 'an answer came to a call that was never made');
      return;
    }
    this.#calls.delete(scheduled);
    const { child } = call;
    this.#telling = tellingIn(child, 'output' in end ? end.output : end.error) ?? this.#telling;
    this.#now = this.#interpreter.finishChild(this.#current, { id: call.id, serial: child.serial }, end, at);
  }

  /** Messages whose effect is settled: the failures of signals show in the record, those of updates in the history. */
  #settle(at: number): void {
    for (const waiting of this.#waiting.splice(0)) {
      if (!isSettled(this.#current, waiting.event)) {
        this.#waiting.push(waiting);
        continue;
      }
      const refused = failureOf(waiting.before, this.#current, waiting.event);
      if (waiting.update !== null) this.#refusedUpdates.set(waiting.update, refused);
      else if (refused) this.#told.lastRefusal = refusalNote(waiting.name, refused, waiting.payload, at);
    }
  }

  #compare(at: number, made: Recorded[]): void {
    this.#compareCalls(made);
    this.#compareNews(made);
    this.#compareTimers(at, made);
    this.#compareAttributes(made);
    for (const { id, event } of made) {
      if (event.kind === 'completed') this.#compareEnd(id, event.result);
      if (event.kind === 'continued') this.#compareContinued(id, event.input);
      if (event.kind === 'updateEnded') this.#compareUpdate(id, event);
    }
    // Others are told of the end before the workflow ends.
    const over = this.#current.done && this.#tellings.size === 0;
    if (over && !made.some(({ event }) => ends.has(event.kind))) {
      const last = made.at(-1)?.id ?? this.events.at(-1)?.id ?? 0;
      this.#find(last, 'the life of the number has ended by the chart, but the workflow went on');
    }
  }

  #compareCalls(made: Recorded[]): void {
    const wanted = Object.entries(this.#current.children)
      .filter(([, { serial }]) => serial > this.#lastSerial)
      .sort(([, one], [, other]) => one.serial - other.serial);
    this.#lastSerial = this.#current.started;
    for (const { id, event } of made) {
      if (event.kind !== 'callScheduled' || event.activity === TELLING) continue;
      const next = wanted.shift();
      if (!next) {
        this.#find(id, `the call ${event.activity} was made, though the chart asks for none`);
        continue;
      }
      const [childId, child] = next;
      if (event.activity !== activityOf(child)) {
        this.#find(id, `the call ${event.activity} was made where the chart asks for ${activityOf(child)}`);
      } else if (!(event.input instanceof Sealed) && !same(event.input, child.input)) {
        this.#find(id, `the call ${event.activity} was made with other values than the chart gives`);
      }
      this.#calls.set(id, { id: childId, child });
    }
    for (const [, child] of wanted) {
      this.#find(made[0]?.id ?? 0, `the chart asks for the call ${activityOf(child)}, which was not made`);
    }
  }

  #compareNews(made: Recorded[]): void {
    const wanted = this.#news.splice(0);
    let at = made[0]?.id ?? 0;
    for (const { id, event } of made) {
      if (event.kind !== 'callScheduled' || event.activity !== TELLING) continue;
      at = id;
      this.#tellings.add(id);
      if (event.input instanceof Sealed) {
        wanted.length = 0;
        continue;
      }
      const { news } = event.input as { news: News[] };
      const due = wanted.splice(0, news.length);
      if (!same(news, due)) this.#find(id, 'others were told something else than the chart gives');
    }
    for (const { type } of wanted) this.#find(at, `others were not told of ${type}`);
  }

  #compareTimers(at: number, made: Recorded[]): void {
    for (const { event } of made) if (event.kind === 'timerCancelled') this.#timers.delete(event.timer);
    const running = new Set([...this.#timers.values()].map(({ id, dueAt }) => `${id} ${String(dueAt)}`));
    const wanted = Object.entries(this.#current.timers)
      .map(([id, { dueAt }]) => ({ id, dueAt }))
      .filter(({ id, dueAt }) => !running.has(`${id} ${String(dueAt)}`));
    for (const { id, event } of made) {
      if (event.kind !== 'timerStarted') continue;
      const index = wanted.findIndex(({ dueAt }) => Math.max(1, dueAt - at) === event.duration);
      const [timer] = index < 0 ? [] : wanted.splice(index, 1);
      if (timer) this.#timers.set(id, timer);
      else this.#find(id, `a timer of ${String(event.duration)} ms was started that the chart does not set`);
    }
    for (const { dueAt } of wanted) {
      this.#find(made[0]?.id ?? 0, `the chart sets a timer for ${instant(dueAt)}, which was not started`);
    }
  }

  #compareAttributes(made: Recorded[]): void {
    const wanted = attributesOf(this.record(), this.#start.phoneNumber.country);
    const changed = changedAttributes(this.#published, wanted).map(
      ({ key }) => key.name as keyof AttributeValues,
    );
    const written: Record<string, unknown> = {};
    let at = made.at(-1)?.id ?? 0;
    for (const { id, event } of made) {
      if (event.kind !== 'attributes') continue;
      Object.assign(written, event.attributes);
      at = id;
    }
    const held = attributeValues(written);
    for (const name of new Set([...changed, ...(Object.keys(written) as (keyof AttributeValues)[])])) {
      if (name in wanted && (held[name] !== wanted[name] || !(name in written))) {
        this.#find(
          at,
          `the search attribute ${name} is ${text(held[name])} in the history, ${text(wanted[name])} by the chart`,
        );
      }
    }
    this.#published = wanted;
  }

  #compareEnd(id: number, result: unknown): void {
    if (result instanceof Sealed) throw sealed(result);
    if (!this.#current.done)
      this.#find(id, 'the workflow ended, though the life of the number has not by the chart');
    this.#compareRecord(id, result as NumberRecord, this.record());
  }

  #compareContinued(id: number, input: unknown[]): void {
    const [start, carried] = open(input) as [{ chartVersion?: number }, Carried | undefined];
    const { chartVersion } = this.#start;
    if ((start.chartVersion ?? 1) < chartVersion) this.#find(id, 'the next run goes by an older chart');
    const moved = (start.chartVersion ?? 1) === chartVersion ? {} : { movedFrom: chartVersion };
    const own: Carried = { chart: this.#current, told: this.#told, telling: this.#telling, ...moved };
    if (!same(carried, own)) this.#find(id, 'the next run was handed something else than the chart holds');
  }

  #compareUpdate(id: number, { accepted, error }: Extract<Fact, { kind: 'updateEnded' }>): void {
    if (!this.#refusedUpdates.has(accepted)) {
      this.#find(id, 'an update was answered before its effect was settled');
      return;
    }
    const refused = this.#refusedUpdates.get(accepted) ?? null;
    const type = (error as { type?: string } | undefined)?.type ?? null;
    if (type !== (refused?.type ?? null)) {
      this.#find(
        id,
        `an update was answered with ${text(type)}, by the chart it is ${text(refused?.type ?? null)}`,
      );
    }
  }

  #compareRecord(id: number, held: NumberRecord, own: NumberRecord): void {
    for (const field of Object.keys({ ...held, ...own }) as (keyof NumberRecord)[]) {
      if (!same(held[field], own[field])) {
        this.#find(id, `${field} is ${text(held[field])} in the result, ${text(own[field])} by the chart`);
      }
    }
  }

  #checkNumbers(): void {
    this.events.forEach(({ id }, index) => {
      if (id !== index + 1)
        this.#find(id, `the event stands at place ${String(index + 1)}: events are missing or out of order`);
    });
  }

  #find(eventId: number, what: string): void {
    this.findings.push({ eventId, what });
  }
}

const TELLING = 'tellOthers';

const ends = new Set<Fact['kind']>(['completed', 'failed', 'continued', 'ended']);

function open(values: unknown[]): unknown[] {
  for (const value of values) if (value instanceof Sealed) throw sealed(value);
  return values;
}

const sealed = ({ keyId }: Sealed) =>
  new Unreadable(`it is encrypted with the key ${keyId}, which PAYLOAD_KEYS lacks`);

/** As JSON has it: what is undefined is not there. */
const same = (one: unknown, other: unknown) =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one ?? null)), JSON.parse(JSON.stringify(other ?? null)));

const text = (value: unknown) => (value === undefined ? 'not there' : JSON.stringify(value));

function attributeValues(stated: Record<string, unknown>): AttributeValues {
  const value = (name: keyof AttributeValues) => {
    const held = stated[name];
    if (held === undefined || held === null) return null;
    return name === 'VerificationExpiresAt' || name === 'NextDeadline'
      ? new Date(held as string).toISOString()
      : (held as string);
  };
  return {
    NumberState: value('NumberState'),
    PortfolioId: value('PortfolioId'),
    WabaId: value('WabaId'),
    CustomerId: value('CustomerId'),
    Country: value('Country'),
    VerificationExpiresAt: value('VerificationExpiresAt'),
    NextDeadline: value('NextDeadline'),
    Problem: value('Problem'),
  };
}
