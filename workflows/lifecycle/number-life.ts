import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  setCurrentDetails,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { AnyStateMachine } from 'xstate';
import type { PortfolioId } from '../ids';
import { DurableChart } from '../interpreter/durable-chart';
import type { Child, Interpretation, TimedEvent } from '../interpreter/interpretation';
import type { MessageName } from '../messages';
import type { NumberRecord, TakenCode } from '../record';
import { numberNews } from '../telling/number-news';
import { Outbox } from '../telling/outbox';
import { chartOf } from './charts';
import { tellingIn } from './call-outcome';
import type { MessageEvent } from './events';
import { callGraph } from './graph-calls';
import { readEvent, refusalNote, unanswered, type Refused } from './intake';
import { contextOf, instant, numberRecord, type Told } from './number-record';
import { partnersIn, partnersMemo } from './partners';
import { refusal, type Refusal } from './refusals';
import { attributesOf, changedAttributes, statedAttributes, type AttributeValues } from './search-attributes';
import { failureOf, isSettled } from './settlement';
import type { NumberStart } from './start';
import { transitionOf } from './transition';
import { callSummary, currentDetails, timerSummary } from './words';

/** What a run hands to the next one: plain JSON, absolute times. */
export interface Carried {
  chart: Interpretation;
  told: Told;
  /** Somebody is to be told what happens. */
  telling: boolean;
}

/** Joins the chart to Temporal: messages go in, activities, timers, search attributes and words come out. */
export class NumberLife {
  readonly #definition: AnyStateMachine;
  readonly #chart: DurableChart;
  readonly #told: Told;
  readonly #outbox: Outbox;
  readonly #country: string;
  #published: AttributeValues;
  #unpublished = true;

  constructor(start: NumberStart, carried: Carried | undefined) {
    this.#definition = chartOf(start.chartVersion);
    this.#told = carried?.told ?? { transitions: [], lastRefusal: null };
    this.#outbox = new Outbox(carried?.telling ?? false);
    this.#country = start.phoneNumber.country;
    this.#published = statedAttributes(workflowInfo().typedSearchAttributes);
    this.#chart = new DurableChart(this.#definition, {
      run: (child) => this.#call(child, start.portfolioId),
      timerSummary,
      stepped: (before, after, event) => {
        this.#tell(before, after, event);
      },
    });
    const at = Date.now();
    if (carried) this.#chart.resume(carried.chart, at);
    else this.#chart.begin({ ...start, at });
  }

  record(): NumberRecord {
    return numberRecord(this.#chart.now, this.#told);
  }

  /** What the next run goes on from. */
  carry(): Carried {
    return { chart: this.#chart.now, told: this.#told, telling: this.#outbox.telling };
  }

  /** Until the number's life has ended, or its history has grown so long that it should go on in another run. */
  async lived(): Promise<'ended' | 'long'> {
    const over = () =>
      allHandlersFinished() &&
      this.#outbox.empty &&
      (this.#chart.now.done || (this.#chart.quiet && workflowInfo().continueAsNewSuggested));
    do {
      this.#publish();
      await condition(() => this.#unpublished || this.#chart.broken !== null || over());
      if (this.#chart.broken !== null) throw this.#chart.broken;
    } while (this.#unpublished || !over());
    return this.#chart.now.done ? 'ended' : 'long';
  }

  /** Refuses a message before anything is written: for validators, which may only look. */
  validate(name: MessageName, payload: unknown): void {
    const read = this.#read(name, payload);
    const refused = 'type' in read ? read : this.#refusal(read.event);
    if (refused) throw failure(refused);
  }

  /** Acts on a message and answers with the number's record once its effect is settled. */
  async update(name: MessageName, payload: unknown): Promise<NumberRecord | TakenCode> {
    const read = this.#read(name, payload);
    const kept = name === 'takeCode' ? contextOf(this.#chart.now).keptCode : null;
    const refused = 'type' in read ? read : await this.#deliver(read.event);
    if (refused) throw failure(refused);
    return kept ? { ...this.record(), code: kept.code, receivedAt: instant(kept.at) } : this.record();
  }

  /** Acts on a message that nobody waits for: a refusal changes nothing and is kept to be seen. */
  async signal(name: MessageName, payload: unknown): Promise<void> {
    const read = this.#read(name, payload);
    const refused =
      name === 'takeCode' ? unanswered : 'type' in read ? read : await this.#deliver(read.event);
    if (refused) this.noteRefusal(name, refused, payload);
  }

  noteRefusal(name: string, refused: Refused, payload: unknown): void {
    this.#told.lastRefusal = refusalNote(name, refused, payload, Date.now());
    this.#unpublished = true;
  }

  /** Whether others are to be told what happens from now on. */
  tellOthers(on: boolean): void {
    this.#outbox.telling = on;
  }

  async #call(child: Child, portfolioId: PortfolioId): Promise<unknown> {
    const heed = (end: unknown) => {
      this.#outbox.telling = tellingIn(child, end) ?? this.#outbox.telling;
    };
    try {
      const answer = await callGraph(child, callSummary(child), portfolioId);
      heed(answer);
      return answer;
    } catch (refusal) {
      heed(refusal);
      throw refusal;
    }
  }

  #read(name: MessageName, payload: unknown): { event: MessageEvent } | Refusal {
    const at = Date.now();
    return readEvent(this.#definition, this.#chart.at(at), name, payload, at);
  }

  #refusal(event: MessageEvent): Refusal | null {
    return refusal(this.#definition, this.#chart.at(event.at), event);
  }

  async #deliver(event: MessageEvent): Promise<Refusal | null> {
    const refused = this.#refusal(event);
    if (refused) return refused;
    this.#chart.send(event);
    if (isSettled(this.#chart.now, event)) return null;
    await condition(() => isSettled(this.#chart.now, event));
    return failureOf(this.#chart.now, event);
  }

  #tell(before: Interpretation, after: Interpretation, event: TimedEvent): void {
    this.#unpublished = true;
    const change = transitionOf(before, after, event);
    if (change) this.#told.transitions.push(change);
    if (!this.#outbox.telling) return;
    const step = { before: contextOf(before), after: contextOf(after), at: instant(event.at), change };
    this.#outbox.add(numberNews({ ...step, record: numberRecord(after, this.#told) }));
  }

  /** One upsert for each real change, and one activity for all news, however many events a task brought. */
  #publish(): void {
    this.#unpublished = false;
    const record = this.record();
    const attributes = attributesOf(record, this.#country);
    const changed = changedAttributes(this.#published, attributes);
    if (changed.length > 0) upsertSearchAttributes(changed);
    this.#published = attributes;
    if (record.sharedWith.join() !== partnersIn(workflowInfo().memo).join())
      upsertMemo(partnersMemo(record.sharedWith));
    this.#outbox.send();
    setCurrentDetails(currentDetails(this.#definition, this.#chart.now, record, Date.now()));
  }
}

const failure = ({ type, message }: Refusal) =>
  ApplicationFailure.create({ type, message, nonRetryable: true });
