import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  patched,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { AnyStateMachine } from 'xstate';
import { describeBy } from '../current-details';
import { DurableChart } from '../interpreter/durable-chart';
import type { Interpretation, TimedEvent } from '../interpreter/interpretation';
import type { MessageName } from '../../contract/messages';
import type { NumberRecord, TakenCode } from '../../contract/number-record';
import { numberWebhookEvents } from '../webhooks/number-events';
import { WebhookOutbox } from '../webhooks/outbox';
import { chartOf, takenOver } from './charts';
import { latestChartVersion } from '../../contract/chart-version';
import { webhooksIn } from './call-outcome';
import type { MessageEvent } from './events';
import { callGraph } from './graph-calls';
import { readEvent, refusalNote, unanswered, type Refused } from './intake';
import { contextOf, instant, numberRecord, type Told } from './number-record';
import { partnersIn, partnersMemo } from '../../contract/partners';
import { refusal } from './refusals';
import { type MessageRejection } from '../../contract/message-rejection';
import {
  attributesOf,
  changedAttributes,
  statedAttributes,
  type AttributeValues,
} from '../../contract/search-attributes';
import { failureOf, isSettled } from './outcome';
import type { NumberStart } from '../../contract/number-start';
import { transitionOf } from './transition';
import { callSummary, currentDetails, timerSummary } from './ui-text';

/** What a run hands to the next one: plain JSON, absolute times. */
export interface Carried {
  chart: Interpretation;
  told: Told;
  /** The version of the chart by which the number has lived until now, where the next run goes by another. */
  movedFrom?: number;
  /** Somebody is to be told what happens. */
  webhooks: boolean;
}

/** A message that was accepted, and how it found the number. */
interface Taken {
  event: MessageEvent;
  before: Interpretation;
}

/** Joins the chart to Temporal: messages go in, activities, timers, search attributes and words come out. */
export class NumberLife {
  readonly #version: number;
  readonly #definition: AnyStateMachine;
  readonly #chart: DurableChart;
  readonly #told: Told;
  readonly #outbox: WebhookOutbox;
  readonly #country: string;
  #published: AttributeValues;
  /** What is still to be published: what messages brought, or only what answers and timers did. */
  #unpublished: 'nothing' | 'messages' | 'answers' = 'messages';
  /** Accepted signals whose end is not known yet. */
  #unsettled: (Taken & { name: MessageName; payload: unknown })[] = [];

  constructor(start: NumberStart, carried: Carried | undefined) {
    this.#version = start.chartVersion;
    this.#definition = chartOf(this.#version);
    this.#told = carried?.told ?? { transitions: [], lastRefusal: null };
    this.#outbox = new WebhookOutbox(carried?.webhooks ?? false);
    this.#country = start.phoneNumber.country;
    this.#published = statedAttributes(workflowInfo().typedSearchAttributes);
    this.#chart = new DurableChart(this.#definition, {
      run: (child) => callGraph(child, callSummary(child), start.portfolioId),
      timerSummary,
      onTransition: (before, after, event) => {
        this.#tell(before, after, event);
      },
    });
    const at = Date.now();
    if (carried) {
      const move = { from: carried.movedFrom ?? this.#version, to: this.#version, at };
      this.#chart.resume(takenOver(carried.chart, move), at);
    } else this.#chart.begin({ ...start, at });
    describeBy(() => currentDetails(this.#definition, this.#chart.now, this.record(), Date.now()));
  }

  record(): NumberRecord {
    return numberRecord(this.#chart.now, this.#told);
  }

  /** What the next run, which goes by that version of the chart, goes on from. */
  carry(version: number): Carried {
    const { now: chart } = this.#chart;
    const moved = version === this.#version ? {} : { movedFrom: this.#version };
    return { chart, told: this.#told, webhooks: this.#outbox.webhooks, ...moved };
  }

  /**
   * Until the number's life has ended, or it should go on in another run, for its history has grown long or there is a newer
   * version of the chart: nothing is under way then, and every message is answered.
   */
  async lived(): Promise<'ended' | 'long' | 'outdated'> {
    const settled = () => allHandlersFinished() && this.#unsettled.length === 0 && this.#outbox.empty;
    const ended = () => settled() && this.#chart.now.done;
    const quiet = () => settled() && this.#chart.idle;
    const long = () => quiet() && workflowInfo().continueAsNewSuggested;
    const outdated = () => quiet() && this.#version < latestChartVersion;
    let stays = false;
    for (;;) {
      this.#publish();
      await condition(() => {
        // Answers reach the chart last of what a task brought: what they did is published here, for waking up costs more.
        if (this.#unpublished === 'answers') {
          this.#publish();
          stays = false;
        }
        return this.#changed || ended() || long() || (!stays && outdated());
      });
      if (this.#chart.broken !== null) throw this.#chart.broken;
      if (this.#changed) stays = false;
      else if (ended()) return 'ended';
      else if (long()) return 'long';
      // A history that went on here before there was the newer version goes on here in every replay.
      else if (patched(`chart version ${String(latestChartVersion)}`)) return 'outdated';
      else stays = true;
    }
  }

  get #changed(): boolean {
    return this.#unpublished !== 'nothing' || this.#chart.broken !== null;
  }

  /** Refuses a message before anything is written: for validators, which may only look. */
  validate(name: MessageName, payload: unknown): void {
    const read = this.#read(name, payload);
    const refused = 'type' in read ? read : this.#refusal(read.event);
    if (refused) throw failure(refused);
  }

  /** Acts on a message and answers with the number's record once its effect is settled. */
  async update(name: MessageName, payload: unknown): Promise<NumberRecord | TakenCode> {
    const kept = name === 'takeCode' ? contextOf(this.#chart.now).keptCode : null;
    const taken = this.#take(name, payload);
    const refused = 'type' in taken ? taken : await this.#failureOf(taken);
    if (refused) throw failure(refused);
    return kept ? { ...this.record(), code: kept.code, receivedAt: instant(kept.at) } : this.record();
  }

  /** Acts on a message that nobody waits for: a refusal changes nothing and is kept to be seen, once it is known. */
  signal(name: MessageName, payload: unknown): void {
    const taken = name === 'takeCode' ? unanswered : this.#take(name, payload);
    // At once, so that of several refusals the last one shows.
    if ('type' in taken) this.noteRefusal(name, taken, payload);
    else if (!isSettled(this.#chart.now, taken.event)) this.#unsettled.push({ ...taken, name, payload });
  }

  noteRefusal(name: string, refused: Refused, payload: unknown): void {
    this.#told.lastRefusal = refusalNote(name, refused, payload, Date.now());
    this.#unpublished = 'messages';
  }

  /** Whether others are to be told what happens from now on. */
  startDeliveries(on: boolean): void {
    this.#outbox.webhooks = on;
  }

  #read(name: MessageName, payload: unknown): { event: MessageEvent } | MessageRejection {
    const at = Date.now();
    return readEvent(this.#definition, this.#chart.at(at), name, payload, at);
  }

  #refusal(event: MessageEvent): MessageRejection | null {
    return refusal(this.#definition, this.#chart.at(event.at), event);
  }

  #take(name: MessageName, payload: unknown): Taken | MessageRejection {
    const read = this.#read(name, payload);
    if ('type' in read) return read;
    const refused = this.#refusal(read.event);
    if (refused) return refused;
    const before = this.#chart.now;
    this.#chart.send(read.event);
    return { event: read.event, before };
  }

  /** Why an accepted message did not do what it asked for; waits until that is settled. */
  async #failureOf({ event, before }: Taken): Promise<MessageRejection | null> {
    if (isSettled(this.#chart.now, event)) return null;
    await condition(() => isSettled(this.#chart.now, event));
    return failureOf(before, this.#chart.now, event);
  }

  #noteOutcomes(): void {
    const { now } = this.#chart;
    this.#unsettled = this.#unsettled.filter(({ name, payload, before, event }) => {
      if (!isSettled(now, event)) return true;
      const refused = failureOf(before, now, event);
      if (refused) this.noteRefusal(name, refused, payload);
      return false;
    });
  }

  #tell(before: Interpretation, after: Interpretation, event: TimedEvent): void {
    const answers = event.type.startsWith('xstate.') && this.#unpublished !== 'messages';
    this.#unpublished = answers ? 'answers' : 'messages';
    const change = transitionOf(before, after, event);
    if (change) this.#told.transitions.push(change);
    this.#outbox.webhooks = webhooksIn(event) ?? this.#outbox.webhooks;
    if (!this.#outbox.webhooks) return;
    const step = { before: contextOf(before), after: contextOf(after), at: instant(event.at), change };
    this.#outbox.add(numberWebhookEvents({ ...step, record: numberRecord(after, this.#told) }));
  }

  /** One upsert for each real change, and one activity for all news, however many events a task brought. */
  #publish(): void {
    if (this.#unpublished === 'nothing') return;
    this.#noteOutcomes();
    this.#unpublished = 'nothing';
    const record = this.record();
    const attributes = attributesOf(record, this.#country);
    const changed = changedAttributes(this.#published, attributes);
    if (changed.length > 0) upsertSearchAttributes(changed);
    this.#published = attributes;
    if (record.sharedWith.join() !== partnersIn(workflowInfo().memo).join())
      upsertMemo(partnersMemo(record.sharedWith));
    this.#outbox.send();
  }
}

const failure = ({ type, message }: MessageRejection) =>
  ApplicationFailure.create({ type, message, nonRetryable: true });
