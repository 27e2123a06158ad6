import type { Recorded } from '../../../audit/recorded';
import { tasksOf, type Task } from '../../../audit/tasks';
import type { GraphFailure } from '../../../contract/graph-failure';
import { failedEnd } from '../../../workflows/life/failed-end';
import type { NumberRecord } from '../../../contract/number-record';
import { answer, looked, read, shared } from '../rules/answers';
import type { Ended, Said, Verification } from '../rules/facts';
import { DAY, NumberModel } from '../rules/number';
import { send } from '../rules/messages';
import { askByItself, nextDue, pass } from '../rules/time';
import { heard } from '../said';
import type { LifePlan } from './sequences';

/** Meta's own periods. */
const periods = {
  removeUnverifiedAfter: 90 * DAY,
  verifiedFor: 90 * DAY,
  reverifyWindow: 45 * DAY,
  registerWithin: 90 * DAY,
};

/**
 * Tells the model what a number's workflow has heard, by Temporal's own account and at its times, and compares what both
 * then say.
 */
export class Judge {
  readonly #automation: LifePlan['automation'];
  #model: NumberModel | null = null;
  #tasks = 0;
  /** Calls by the event that scheduled them; of each kind the newest counts. */
  readonly #open = new Map<number, string>();
  readonly #newest = new Map<string, number>();
  readonly #updates = new Map<number, { name: string; said: Said }>();
  #refusal: { at: number; name: string; type: string } | null = null;
  /** How often somebody asked for a code. */
  codesAskedFor = 0;

  constructor(automation: LifePlan['automation']) {
    this.#automation = automation;
  }

  get model(): NumberModel {
    if (!this.#model) throw new Error('the number has not begun to live');
    return this.#model;
  }

  /** Times of which the model knows that something happens, or becomes possible. */
  get dues(): number[] {
    const { expiry, rules } = this.model;
    return [nextDue(this.model), expiry === null ? Infinity : expiry - rules.reverifyWindow].filter(
      (due) => due < Infinity,
    );
  }

  /** Some are under way. */
  get calls(): boolean {
    return this.#open.size > 0;
  }

  /** What the model would answer to a message: the type of its refusal, or `null`. */
  wouldSay(said: Said | null, at: number): string | null {
    if (!said) return 'InvalidMessage';
    const copy = Object.assign(
      Object.create(NumberModel.prototype) as NumberModel,
      structuredClone(this.model),
    );
    pass(copy, Math.max(at, copy.at), true);
    return send(copy, said);
  }

  /** Takes in what is new in the number's history. */
  hear(history: readonly Recorded[]): void {
    const tasks = tasksOf(history.slice(1));
    for (const task of tasks.slice(this.#tasks)) this.#take(task);
    this.#tasks = tasks.length;
  }

  #take({ at, messages, arrived, made }: Task): void {
    this.#model ??= new NumberModel({ ...periods, automation: this.#automation }, at);
    pass(this.#model, at, true);
    for (const { id, event } of messages) {
      if (event.kind === 'signal' || event.kind === 'update') this.#message(id, event);
    }
    for (const { event } of arrived) {
      if (event.kind === 'callDone') this.#answer(event.call, event.result ?? {});
      if (event.kind === 'callFailed')
        this.#answer(event.call, refused(failedEnd(event.error).error as GraphFailure));
      if (event.kind === 'callTimedOut') this.#answer(event.call, this.#timedOut(event.call));
    }
    for (const { id, event } of made) if (event.kind === 'callScheduled') this.#call(id, event.activity);
    for (const { event } of [...arrived, ...made]) {
      if (event.kind === 'callCancelled') this.#open.delete(event.call);
      if (event.kind === 'updateEnded') this.#answered(event);
    }
  }

  #message(id: number, { kind, name, payload }: { kind: string; name: string; payload: unknown }): void {
    const said = heard(name, payload);
    const type = said ? send(this.model, said) : 'InvalidMessage';
    if (!type && name === 'requestCode') this.codesAskedFor++;
    if (kind === 'update') {
      same(`the answer to ${name}`, null, type);
      this.#updates.set(id, { name, said: said! });
    } else if (type) this.#refusal = { at: this.model.at, name, type };
  }

  #timedOut(call: number): Ended {
    return this.#open.get(call) === 'requestCode'
      ? { outcome: 'unknown' }
      : refused(failedEnd(undefined).error as GraphFailure);
  }

  #answer(id: number, ended: Ended): void {
    const call = this.#open.get(id);
    this.#open.delete(id);
    if (call === 'shareNumber' || call === 'unshareNumber') shared(this.model, ended.refused !== undefined);
    else if (call === 'readNumber') {
      const verification = 'verified' in ended ? (ended as Verification) : null;
      read(this.model, ended.refused ? 'refused' : verification);
    } else if (call === 'confirmClaim') {
      if (this.model.looking && this.#newest.get(call) === id) looked(this.model, ended);
      // An answer to a call that was given up means nothing.
    } else if (call === this.model.call && this.#newest.get(call) === id) answer(this.model, call, ended);
  }

  #call(id: number, activity: string): void {
    this.#open.set(id, activity);
    this.#newest.set(activity, id);
    if (activity === 'confirmClaim') same('a look', true, this.model.looking);
    if (besides.has(activity)) return;
    if (activity === 'requestCode' && this.model.call === null) askByItself(this.model);
    same('the call', activity, this.model.call);
  }

  /** An accepted update had its effect, or its sender is told why it has none. */
  #answered({ accepted, error }: { accepted: number; error: Error | undefined }): void {
    const { name, said } = this.#updates.get(accepted)!;
    this.#updates.delete(accepted);
    const { end, claim, reservation } = this.model;
    const effect: Record<string, boolean> = {
      remove: end === 'Removed',
      register: end === 'Registered',
      claim: claim?.wabaId === said.wabaId,
      claimFor: claim?.wabaId === said.wabaId,
      reserve: reservation?.customerId === said.customerId,
      release: reservation === null,
    };
    if (!error && effect[name] === false)
      throw new Error(`${name} was accepted and answered, and had no effect`);
  }

  /** What the number says of itself against what the model says of it. */
  compare(record: NumberRecord): void {
    const { model } = this;
    const at = (instant: string | null | undefined) => (instant ? Date.parse(instant) : null);
    same('state', record.state, model.state);
    same('phase', record.phase, model.phase);
    same('deadline', at(record.nextDeadline?.at), model.deadline);
    if (record.state === 'Verified') same('expiry', at(record.verificationExpiresAt), model.expiry);
    const reports = (all: { wabaId: string }[]) => all.map(({ wabaId }) => wabaId).join();
    same('reports', reports(record.reportedClaims), reports(model.reports));
    same('WABA', record.claim?.wabaId, model.claim?.wabaId);
    same('phone number ID', record.claim?.phoneNumberId, model.claim?.phoneNumberId);
    same('customer', record.claim?.customerId, model.claim?.customerId);
    same('holder', record.reservation?.customerId, model.reservation?.customerId);
    same('hold', at(record.reservation?.until), model.reservation?.until ?? null);
    same('partners', record.sharedWith.join(), model.sharedWith.join());
    this.#compareRefusal(record.lastRefusal);
    // Whether it was removed shows once Meta has been asked about all reports, with time between the looks.
    const unanswered = [...this.#updates.values()].filter(
      ({ name }) => !(name === 'remove' && model.leaving),
    );
    if (this.#open.size === 0 && unanswered.length > 0)
      throw new Error(`nothing is under way, and ${unanswered[0]!.name} is not answered`);
  }

  /** Later ones may be those of signals that were accepted, and failed. */
  #compareRefusal(last: NumberRecord['lastRefusal']): void {
    if (!this.#refusal) return;
    const { at, name, type } = this.#refusal;
    if (last && Date.parse(last.at) > at) return;
    same('last refusal', last && `${last.at} ${last.name} ${last.type}`, `${iso(at)} ${name} ${type}`);
  }
}

const besides = new Set(['shareNumber', 'unshareNumber', 'readNumber', 'confirmClaim']);

const refused = ({ handling, retryAfter }: GraphFailure): Ended => ({ refused: { handling, retryAfter } });

const iso = (at: number) => new Date(at).toISOString();

export function same(what: string, workflow: unknown, model: unknown): void {
  if (workflow !== model)
    throw new Error(`${what}: the workflow says ${String(workflow)}, the model ${String(model)}`);
}
