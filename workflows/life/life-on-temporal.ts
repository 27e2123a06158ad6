import {
  ApplicationFailure,
  condition,
  defineSignal,
  defineUpdate,
  log,
  setDefaultSignalHandler,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { MessageRejection } from '../../contract/message-rejection';
import { changedAttributes, statedAttributes, type AttributeValues } from '../../contract/search-attributes';
import { describeBy } from '../current-details';
import { DurableChart, type DurableLife } from '../interpreter/durable-chart';
import type { Child, Interpretation } from '../interpreter/interpretation';
import type { Messages } from '../interpreter/run-length';
import { UnreadablePayload } from '../interpreter/unreadable-payload';
import { receiveSignals } from '../signal-delivery';
import { WebhookOutbox } from '../webhooks/outbox';
import type { Accepted, Kept, LifeEvent } from './kind';
import type { Carried, Life } from './life';

/** From the pool's monitor, to lives that began before there were endpoints. */
export const setWebhooks = defineSignal<[unknown]>('setWebhooks');

/** What a kind of life does in the world, and says of itself. */
export interface LifeEffects {
  /** Does one child's work as an activity. */
  call(child: Child): Promise<unknown>;
  timerSummary(timerId: string, now: Interpretation): string;
  /** The current details for the Temporal UI. */
  details(): string;
  attributes(): AttributeValues;
  /** `+15550783881`, for sentences. */
  name: string;
  /** What else is published with a change. */
  publishMore?(): void;
}

/** A life joined to Temporal: messages, timers, activities, search attributes, webhooks and details. */
export class LifeOnTemporal<
  Name extends string,
  Event extends LifeEvent,
  LifeRecord extends Kept,
> implements DurableLife {
  readonly #durable: DurableChart;
  readonly #outbox: WebhookOutbox;
  readonly messages: Messages = { signals: 0, updates: 0, unreadable: 0 };
  /** Updates whose senders wait for a call, the longest first. */
  readonly #waiting = new Set<{ name: Name; dismissed: boolean }>();
  #floodOf = 0;
  #published = statedAttributes(workflowInfo().typedSearchAttributes);
  #changed = true;

  constructor(
    private readonly life: Life<Name, Event, LifeRecord>,
    private readonly effects: LifeEffects,
  ) {
    this.#outbox = new WebhookOutbox(() => {
      life.setWebhooks({ on: false });
    });
    this.#durable = new DurableChart({
      run: (child) => effects.call(child),
      timerSummary: (id, now) => effects.timerSummary(id, now),
      onTimer: ({ id, dueAt }, at) => {
        // A message of the same task may have set it anew.
        if (life.now.timers[id]?.dueAt === dueAt) life.fireTimer(id, at);
        this.#changed = true;
      },
      onChildEnd: (child, end, at) => {
        life.finishChild(child, end, at);
        this.#changed = true;
      },
    });
    describeBy(() => effects.details());
  }

  get broken() {
    return this.#durable.broken;
  }

  get ended() {
    return this.life.now.done;
  }

  get idle() {
    return this.life.idle && this.#outbox.empty;
  }

  get backlog() {
    return this.life.backlog;
  }

  get portable() {
    return this.life.portable;
  }

  carry(version: number): Carried<Name, Event, LifeRecord> {
    return this.life.carry(version, this.#outbox.underWay);
  }

  /**
   * Has the run's messages handed to the life: each as a signal and as an update of its name.
   *
   * @param answer what an update of the name answers, asked before it is acted on; the record by default
   */
  receive(
    descriptions: Record<Name, string>,
    answer: (name: Name) => (record: LifeRecord) => LifeRecord = () => (record) => record,
  ): void {
    for (const name of Object.keys(descriptions) as Name[]) {
      const description = descriptions[name];
      setHandler(
        defineSignal<[unknown]>(name),
        (payload) => {
          this.#signal(name, payload);
        },
        { description },
      );
      setHandler(
        defineUpdate<LifeRecord, [unknown]>(name),
        (payload) => this.#update(name, payload, answer(name)),
        {
          description,
          validator: (payload) => {
            this.#validate(name, payload);
          },
        },
      );
    }
    setHandler(
      setWebhooks,
      (payload) => {
        this.#signal(setWebhooks.name, payload);
      },
      {
        description: 'Whether the endpoints of WEBHOOK_ENDPOINTS get the events from now on. {"on": true}',
      },
    );
    setDefaultSignalHandler((name, payload) => {
      this.#signal(name, payload);
    });
    // The handlers are for the list that the Temporal UI shows.
    receiveSignals((name, payload) => {
      this.#signal(name, payload);
    });
  }

  /** Rejects a message before anything is written: a validator may only look. */
  #validate(name: Name, payload: unknown): void {
    const rejection = this.life.validate(name, payload, Date.now());
    if (rejection) throw rejected(rejection);
  }

  /** Acts on a message and answers with the record once its effect is settled. */
  async #update(
    name: Name,
    payload: unknown,
    answer: (record: LifeRecord) => LifeRecord,
  ): Promise<LifeRecord> {
    this.messages.updates++;
    const accepted = this.life.accept(name, payload, Date.now());
    if ('type' in accepted) throw rejected(accepted);
    this.#changed = true;
    if (!this.life.isSettled(accepted)) {
      await this.#settled(name, accepted);
      const rejection = this.life.outcomeOf(accepted);
      if (rejection) throw rejected(rejection);
    }
    return answer(this.life.record());
  }

  /**
   * Temporal has ten updates of a workflow under way and refuses others, so the one that has waited longest makes room;
   * where many wait for the same, one of those does.
   */
  async #settled(name: Name, accepted: Accepted<Event>): Promise<void> {
    const waiting = { name, dismissed: false };
    this.#waiting.add(waiting);
    const all = [...this.#waiting].filter(({ dismissed }) => !dismissed);
    const alike = all.filter((other) => other.name === name);
    if (alike.length > UPDATES_WAITING_ALIKE && alike[0]) alike[0].dismissed = true;
    else if (all.length > UPDATES_WAITING && all[0]) all[0].dismissed = true;
    await condition(() => waiting.dismissed || this.life.isSettled(accepted));
    this.#waiting.delete(waiting);
    if (!this.life.isSettled(accepted)) throw rejected(stillUnderWay(this.effects.name, name));
  }

  dismissWaiting(): void {
    for (const waiting of this.#waiting) waiting.dismissed = true;
  }

  #signal(name: string, payload: unknown): void {
    this.messages.signals++;
    const unreadable = payload instanceof UnreadablePayload;
    if (unreadable) this.messages.unreadable++;
    if (name === setWebhooks.name && !unreadable) this.life.setWebhooks(payload);
    else this.life.signal(name, payload, Date.now());
    this.#changed = true;
  }

  /** One upsert for each real change, and one activity for all webhook events, however many events a task brought. */
  publish(): boolean {
    if (!this.#changed) return false;
    this.#changed = false;
    this.life.endTask(Date.now());
    this.#warnOfFlood();
    this.#durable.sync(this.life.now);
    const attributes = this.effects.attributes();
    const changed = changedAttributes(this.#published, attributes);
    if (changed.length > 0) upsertSearchAttributes(changed);
    this.#published = attributes;
    this.effects.publishMore?.();
    this.#outbox.send(this.life.takeWebhookEvents());
    return true;
  }

  #warnOfFlood(): void {
    const { backlog } = this.life;
    if (backlog > this.#floodOf)
      log.warn(
        `${this.effects.name} received more signals at once than one task takes: ${String(backlog)} wait. Its history in Temporal says who sent them.`,
      );
    this.#floodOf = backlog;
  }
}

/** Of the ten updates that Temporal lets wait at once (`history.maxInFlightUpdates`), four are left for others. */
const UPDATES_WAITING = 6;
/** Whoever sends the same message again and again leaves the others room. */
const UPDATES_WAITING_ALIKE = 4;

const stillUnderWay = (subject: string, name: string): MessageRejection => ({
  type: 'StillUnderWay',
  message: `${subject} accepted ${name}, and is still at it: read it later, or send ${name} again to wait for it.`,
});

const rejected = ({ type, message }: MessageRejection) =>
  ApplicationFailure.create({ type, message, nonRetryable: true });

/** Ends a run that was not started as it must be. */
export const invalid = (message: string) =>
  ApplicationFailure.create({ type: 'InvalidMessage', message, nonRetryable: true });
