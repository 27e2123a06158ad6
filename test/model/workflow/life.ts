import { setTimeout } from 'node:timers/promises';
import { WorkflowUpdateFailedError, WorkflowUpdateStage } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { readHistory, type Recorded } from '../../../audit/recorded';
import { Replay } from '../../../audit/replay';
import type { MessageName } from '../../../contract/messages';
import type { NumberRecord } from '../../../contract/number-record';
import { workflowIdOf } from '../../../contract/workflow-ids';
import { nameAccepted } from '../../support/name-accepted';
import type { TestNumber, TestStack } from '../../support/test-stack';
import { heard } from '../said';
import { isAcceptance, isDue, isHeard, openCalls, why, type HistoryEvent } from './history';
import { Judge, same } from './judge';
import type { Line } from './line';
import { agreesWithMeta, keepsBudgets, type AtMeta } from './meta';
import type { Deed, LifePlan } from './sequences';

interface Rest {
  history: readonly Recorded[];
  record: NumberRecord;
}

/** One number that lives through its sequence, beside its model. */
export class Life {
  readonly trail: string[] = [];
  readonly #judge: Judge;
  #rest: Rest | null = null;

  private constructor(
    private readonly stack: TestStack,
    private readonly line: Line,
    private readonly plan: LifePlan,
    readonly number: TestNumber,
  ) {
    this.#judge = new Judge(plan.automation);
  }

  static async begin(stack: TestStack, line: Line, phoneNumber: string, plan: LifePlan): Promise<Life> {
    const { automation, held } = plan;
    if (held) line.hold(workflowIdOf(phoneNumber), 'before');
    const life = new Life(stack, line, plan, await stack.add({ phoneNumber, automation }));
    await life.settle();
    return life;
  }

  /** Then nothing is held any more. */
  async play(round: number): Promise<void> {
    for (const deed of this.plan.rounds[round]!) {
      // Signals may pile up.
      if (!('signal' in deed && deed.signal)) await this.settle();
      if (this.#judge.model.end) break;
      const { state, phase } = this.#judge.model;
      this.trail.push(`${state}.${phase} ${JSON.stringify(deed)}`);
      await this.#do(deed);
    }
    await this.settle();
    this.#letGo();
    await this.settle();
  }

  async #do(deed: Deed): Promise<void> {
    const { digits, handle } = this.number;
    if ('hold' in deed) this.line.hold(handle.workflowId, deed.hold);
    else if ('letGo' in deed) this.#letGo();
    else if ('fault' in deed) await this.stack.sim.fault({ ...deed.fault, number: digits });
    else if ('taken' in deed) await this.#take(deed);
    else if ('code' in deed) {
      const code = await this.#codeReceived(deed.code);
      if (code) await this.#say('submitCode', { code }, deed.signal);
    } else await this.#say(deed.message as MessageName, deed.payload, deed.signal);
  }

  async #take({ taken: wabaId, told }: Extract<Deed, { taken: string }>): Promise<void> {
    const claimed = await this.stack.sim.claimIfInPool(this.number.digits, wabaId);
    if (!claimed || told === 'never') return;
    const { phoneNumberId } = claimed;
    await this.#say('claim', { wabaId, source: 'test', ...(told === 'fully' && { phoneNumberId }) }, false);
  }

  async #codeReceived(which: 'newest' | 'older'): Promise<string | undefined> {
    const messages = await this.stack.sim.messagesTo(this.number.digits);
    return messages.at(which === 'newest' ? -1 : -2)?.text;
  }

  async #say(name: MessageName, payload: object, asSignal: boolean): Promise<void> {
    const { handle } = this.number;
    this.line.pause(handle.workflowId);
    await this.#answersAreIn();
    // A signal shows a code to nobody.
    if (asSignal && name !== 'takeCode') {
      await handle.signal(name, payload).catch(unlessItsLifeHasEnded);
      return;
    }
    const said = heard(name, payload);
    const before = this.#judge.wouldSay(said, await this.stack.now());
    const refused = await this.#refusalOf(name, payload);
    if (refused === undefined) return;
    await this.settle();
    // Time may have passed what decides.
    const after = this.#judge.wouldSay(said, await this.stack.now());
    if (refused !== after) same(`the answer to ${name}`, refused, before);
  }

  /** The type of the refusal of an update; `undefined` where it was accepted, or its number's life had ended. */
  async #refusalOf(name: MessageName, payload: object): Promise<string | null | undefined> {
    const { handle } = this.number;
    try {
      const update = await handle.startUpdate(name, {
        args: [payload],
        waitForStage: WorkflowUpdateStage.ACCEPTED,
      });
      const { events } = await handle.fetchHistory();
      if (events?.some((event) => isAcceptance(event, update.updateId))) return undefined;
      return refusalIn(await update.result().catch((error: unknown) => error));
    } catch (error) {
      unlessItsLifeHasEnded(error);
      await this.settle();
      if (!this.#judge.model.end) throw error;
      return undefined;
    }
  }

  #letGo(): void {
    this.line.release(this.number.handle.workflowId);
  }

  /** Until nothing moves but what is held, and Temporal's own waits; then model and number must agree. */
  async settle(): Promise<Rest> {
    if (this.#rest && this.#judge.model.end) {
      this.line.goOn(this.number.handle.workflowId);
      return this.#rest;
    }
    const deadline = Date.now() + 60_000;
    for (;;) {
      const history = await this.#stillHistory();
      if (history) {
        const record = await this.number.get();
        const { events } = await this.number.handle.fetchHistory();
        if (events?.length === history.length) {
          this.#judge.hear(history);
          this.#judge.compare(record);
          return (this.#rest = { history, record });
        }
      }
      if (Date.now() > deadline)
        throw new Error(`the number does not come to rest: ${await this.whatMoves()}`);
      await setTimeout(10);
    }
  }

  /** Calls that were under way when the workflow ended; `null` while it goes on. */
  async callsLeft(): Promise<number | null> {
    const { status, raw } = await this.number.handle.describe();
    return status.name === 'RUNNING' ? null : (raw.pendingActivities ?? []).length;
  }

  /** What Temporal knows of it, for whoever looks why. */
  async whatMoves(): Promise<string> {
    const { handle } = this.number;
    const { pendingActivities = [], pendingWorkflowTask } = (await handle.describe()).raw;
    const { events } = await handle.fetchHistory();
    const last = events
      ?.slice(-14)
      .map(
        (event) =>
          `${String(event.eventTime?.seconds)} ${String(Object.keys(event).find((key) => key.endsWith('Attributes')))}`,
      );
    return JSON.stringify({
      pendingActivities,
      pendingWorkflowTask,
      last,
      line: this.line.attemptsOf(handle.workflowId),
    });
  }

  /** `null` while something moves. */
  async #stillHistory(): Promise<Recorded[] | null> {
    const { handle } = this.number;
    const fetched = await handle.fetchHistory();
    nameAccepted(fetched);
    const events = fetched.events ?? [];
    const history = await readHistory(events, this.stack.client.options.loadedDataConverter);
    if (history.at(-1)?.event.kind === 'completed') return history;
    if (!isHeard(history) || isDue(history)) return null;
    this.line.goOn(handle.workflowId);
    return this.#callsAreStill(history, events) ? history : null;
  }

  #callsAreStill(history: readonly Recorded[], events: readonly HistoryEvent[]): boolean {
    const failed = history.findIndex(({ event }) => event.kind === 'taskFailed');
    if (failed >= 0) throw new Error(`a workflow task failed: ${why(events[failed]!)}`);
    return openCalls(events).every((call) => this.line.isStill(this.number.handle.workflowId, call));
  }

  /** What has been answered is in the history: of a call that ends just as it is given up, the server loses the task. */
  async #answersAreIn(): Promise<void> {
    const { handle } = this.number;
    const isIn = async () => {
      const events = (await handle.fetchHistory()).events ?? [];
      if (events.at(-1)?.workflowExecutionCompletedEventAttributes) return true;
      return openCalls(events).every((call) => !this.line.isDone(handle.workflowId, call));
    };
    const deadline = Date.now() + 60_000;
    while (!(await isIn())) {
      if (Date.now() > deadline) throw new Error(`an answer does not come in: ${await this.whatMoves()}`);
      await setTimeout(10);
    }
  }

  /** Times of which the model knows that something happens then. */
  get dues(): number[] {
    return this.#judge.dues;
  }

  /** It has calls under way. */
  get calls(): boolean {
    return this.#judge.calls && !this.#judge.model.end;
  }

  /** What it believes against what is so at Meta. */
  async holdToMeta(atMeta: AtMeta | undefined): Promise<void> {
    const { record } = await this.settle();
    if (!this.#judge.model.call) agreesWithMeta(record, atMeta);
    keepsBudgets(await this.stack.sim.calls({ number: this.number.digits }), this.#judge.codesAskedFor);
  }

  /** An auditor reads it all once more. */
  async end(): Promise<void> {
    const { history } = await this.settle();
    const [finding] = new Replay(history).run().findings;
    if (finding) throw new Error(`event ${String(finding.eventId)}: ${finding.what}`);
  }

  /** Nothing of it wakes any more while others live. */
  async bury(): Promise<void> {
    this.#letGo();
    this.line.goOn(this.number.handle.workflowId);
    // It may have ended by itself.
    await this.number.handle.terminate().catch(() => undefined);
  }
}

function unlessItsLifeHasEnded(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

function refusalIn(error: unknown): string | null {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
    return error.cause.type ?? null;
  throw error;
}
