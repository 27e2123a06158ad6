import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  setDefaultSignalHandler,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { latestChartVersion } from '../../contract/chart-version';
import type { MessageRejection } from '../../contract/message-rejection';
import { messageDescriptions, messageNames, type MessageName } from '../../contract/messages';
import type { NumberRecord, TakenCode } from '../../contract/number-record';
import { readStart, type NumberStart, type NumberStartInput } from '../../contract/number-start';
import { partnersIn, partnersMemo } from '../../contract/partners';
import { changedAttributes, statedAttributes } from '../../contract/search-attributes';
import { instant } from '../../contract/times';
import { workflowIdOf } from '../../contract/workflow-ids';
import { describeBy } from '../current-details';
import { DurableChart, runLife, type DurableLife } from '../interpreter/durable-chart';
import type { Messages } from '../interpreter/run-length';
import { UnreadablePayload } from '../interpreter/unreadable-payload';
import { receiveSignals } from '../signal-delivery';
import { WebhookOutbox } from '../webhooks/outbox';
import { callGraph } from './graph-calls';
import { NumberLife, type Carried } from './number-life';
import { contextOf } from './number-record';
import type { Accepted } from './outcome';
import { callSummary, currentDetails, timerSummary } from './ui-text';

export const getNumber = defineQuery<NumberRecord>('getNumber');

/** From the pool's monitor, to numbers that lived before there were endpoints. */
export const setWebhooks = defineSignal<[unknown]>('setWebhooks');

/**
 * The whole life of one phone number, from `Added` to its end, under the workflow ID `number:<digits>`.
 *
 * @param carried what an earlier run of the same number handed on; never given by a caller
 * @returns the number's record, once it is Registered, Removed or Rejected
 * @throws ApplicationFailure of type `InvalidMessage` on bad input
 */
export async function numberLifecycle(input: NumberStartInput, carried?: Carried): Promise<NumberRecord> {
  const read = readStart(input);
  if (!read.ok) throw invalid(`The number was not started: ${read.fault}.`);
  const { phoneNumber, chartVersion } = read.start;
  const expected = workflowIdOf(phoneNumber.digits);
  if (workflowInfo().workflowId !== expected) {
    throw invalid(
      `The number was not started: its workflow ID must be ${expected}, so that it has only one life.`,
    );
  }
  const number = new DurableNumber(read.start, carried);

  setHandler(getNumber, () => number.record(), {
    description: 'The number as it stands: state, deadline, claim, problem.',
  });
  for (const name of messageNames) {
    const description = messageDescriptions[name];
    setHandler(
      defineSignal<[unknown]>(name),
      (payload) => {
        number.signal(name, payload);
      },
      { description },
    );
    setHandler(
      defineUpdate<NumberRecord | TakenCode, [unknown]>(name),
      (payload) => number.update(name, payload),
      {
        description,
        validator: (payload) => {
          number.validate(name, payload);
        },
      },
    );
  }
  setHandler(
    setWebhooks,
    (payload) => {
      number.signal(setWebhooks.name, payload);
    },
    {
      description: 'Whether the endpoints of WEBHOOK_ENDPOINTS get the events from now on. {"on": true}',
    },
  );
  setDefaultSignalHandler((name, payload) => {
    number.signal(name, payload);
  });
  // The handlers are for the list that the Temporal UI shows.
  receiveSignals((name, payload) => {
    number.signal(name, payload);
  });

  const end = await runLife(number, { version: chartVersion, latest: latestChartVersion });
  if (end !== 'ended') {
    const next = end === 'outdated' ? latestChartVersion : chartVersion;
    await continueAsNew<typeof numberLifecycle>({ ...input, chartVersion: next }, number.carry(next));
  }
  return number.record();
}

/** A number's life joined to Temporal: timers, activities, search attributes, memo and details. */
class DurableNumber implements DurableLife {
  readonly #life: NumberLife;
  readonly #durable: DurableChart;
  readonly #outbox: WebhookOutbox;
  readonly messages: Messages = { signals: 0, updates: 0, unreadable: 0 };
  /** Updates whose senders wait for a call, the longest first. */
  readonly #waiting = new Set<{ dismissed: boolean }>();
  #floodOf = 0;
  #published = statedAttributes(workflowInfo().typedSearchAttributes);
  #changed = true;

  constructor(start: NumberStart, carried: Carried | undefined) {
    this.#life = new NumberLife(start, carried, Date.now());
    this.#outbox = new WebhookOutbox(() => {
      this.#life.setWebhooks({ on: false });
    });
    this.#durable = new DurableChart({
      run: (child) => callGraph(child, callSummary(child), start.portfolioId),
      timerSummary,
      onTimer: ({ id, dueAt }, at) => {
        // A message of the same task may have set it anew.
        if (this.#life.now.timers[id]?.dueAt === dueAt) this.#life.fireTimer(id, at);
        this.#changed = true;
      },
      onChildEnd: (child, end, at) => {
        this.#life.finishChild(child, end, at);
        this.#changed = true;
      },
    });
    describeBy(() => currentDetails(this.#life.chart, this.#life.now, this.record(), Date.now()));
  }

  get broken() {
    return this.#durable.broken;
  }

  get ended() {
    return this.#life.now.done;
  }

  get idle() {
    return this.#life.idle && this.#outbox.empty;
  }

  get backlog() {
    return this.#life.backlog;
  }

  get portable() {
    return this.#life.portable;
  }

  record(): NumberRecord {
    return this.#life.record();
  }

  carry(version: number): Carried {
    return this.#life.carry(version, this.#outbox.underWay);
  }

  /** Rejects a message before anything is written: a validator may only look. */
  validate(name: MessageName, payload: unknown): void {
    const rejection = this.#life.validate(name, payload, Date.now());
    if (rejection) throw rejected(rejection);
  }

  /** Acts on a message and answers with the number's record once its effect is settled. */
  async update(name: MessageName, payload: unknown): Promise<NumberRecord | TakenCode> {
    const kept = name === 'takeCode' ? contextOf(this.#life.now).keptCode : null;
    this.messages.updates++;
    const accepted = this.#life.accept(name, payload, Date.now());
    if ('type' in accepted) throw rejected(accepted);
    this.#changed = true;
    if (!this.#life.isSettled(accepted)) {
      await this.#settled(name, accepted);
      const rejection = this.#life.outcomeOf(accepted);
      if (rejection) throw rejected(rejection);
    }
    return kept ? { ...this.record(), code: kept.code, receivedAt: instant(kept.at) } : this.record();
  }

  /** Temporal has ten updates of a workflow under way and refuses others, so the one that has waited longest makes room. */
  async #settled(name: MessageName, accepted: Accepted): Promise<void> {
    const waiting = { dismissed: false };
    this.#waiting.add(waiting);
    const [longest] = this.#waiting;
    if (longest && this.#waiting.size > UPDATES_WAITING) longest.dismissed = true;
    await condition(() => waiting.dismissed || this.#life.isSettled(accepted));
    this.#waiting.delete(waiting);
    if (!this.#life.isSettled(accepted)) throw rejected(stillUnderWay(this.record(), name));
  }

  dismissWaiting(): void {
    for (const waiting of this.#waiting) waiting.dismissed = true;
  }

  signal(name: string, payload: unknown): void {
    this.messages.signals++;
    const unreadable = payload instanceof UnreadablePayload;
    if (unreadable) this.messages.unreadable++;
    if (name === setWebhooks.name && !unreadable) this.#life.setWebhooks(payload);
    else this.#life.signal(name, payload, Date.now());
    this.#changed = true;
  }

  /** One upsert for each real change, and one activity for all webhook events, however many events a task brought. */
  publish(): boolean {
    if (!this.#changed) return false;
    this.#changed = false;
    this.#life.endTask(Date.now());
    this.#warnOfFlood();
    this.#durable.sync(this.#life.now);
    const attributes = this.#life.attributes();
    const changed = changedAttributes(this.#published, attributes);
    if (changed.length > 0) upsertSearchAttributes(changed);
    this.#published = attributes;
    const { sharedWith } = contextOf(this.#life.now);
    if (sharedWith.join() !== partnersIn(workflowInfo().memo).join()) upsertMemo(partnersMemo(sharedWith));
    this.#outbox.send(this.#life.takeWebhookEvents());
    return true;
  }

  #warnOfFlood(): void {
    const { backlog } = this.#life;
    if (backlog > this.#floodOf)
      log.warn(
        `+${this.record().phoneNumber} received more signals at once than one task takes: ${String(backlog)} wait. Its history in Temporal says who sent them.`,
      );
    this.#floodOf = backlog;
  }
}

/** Of the ten updates that Temporal lets wait at once (`history.maxInFlightUpdates`), two are left for others. */
const UPDATES_WAITING = 8;

const stillUnderWay = ({ phoneNumber }: NumberRecord, name: MessageName): MessageRejection => ({
  type: 'StillUnderWay',
  message: `+${phoneNumber} accepted ${name}, and is still at it: read the number later, or send ${name} again to wait for it.`,
});

const rejected = ({ type, message }: MessageRejection) =>
  ApplicationFailure.create({ type, message, nonRetryable: true });

const invalid = (message: string) =>
  ApplicationFailure.create({ type: 'InvalidMessage', message, nonRetryable: true });
