import type { GraphFailure } from '../../contract/graph-failure';
import type { Verification } from '../../contract/number-activities';
import type { PreverifiedId } from '../../contract/ids';
import type { MessageName, MessagePayload } from '../../contract/messages';
import { readStart, type NumberStartInput } from '../../contract/number-start';
import type { Call } from '../../workflows/number/context';
import type { Results } from '../../workflows/number/events';
import { NumberLife } from '../../workflows/number/number-life';
import { contextOf, stateOf } from '../../workflows/number/number-record';

export const DAY = 24 * 60 * 60 * 1000;
export const MINUTE = 60 * 1000;
export const START = Date.parse('2026-01-01T00:00:00Z');

/** A number's life by hand: messages, Meta's answers, and a clock that moves only when told. */
export class Walk {
  readonly life: NumberLife;
  time = START;

  constructor(start: Partial<NumberStartInput> = {}) {
    const read = readStart({ phoneNumber: '15550783881', portfolioId: '506914307656634', ...start });
    if (!read.ok) throw new Error(read.fault);
    this.life = new NumberLife(read.start, undefined, this.time);
  }

  get now() {
    return this.life.now;
  }

  get state() {
    const { state, phase } = stateOf(this.now);
    return phase ? `${state}.${phase}` : state;
  }

  get context() {
    return contextOf(this.now);
  }

  get underWay() {
    return Object.keys(this.now.children) as Call[];
  }

  /** Sends a message; gives the rejection's type back if there is one. */
  send<Name extends MessageName>(name: Name, payload: MessagePayload<Name>): string | null {
    const accepted = this.life.accept(name, payload, this.time);
    return 'type' in accepted ? accepted.type : null;
  }

  /** Meta answers the call that is under way. */
  answer<C extends Call>(call: C, output: Results[C]): this {
    return this.#finish(call, { output });
  }

  refuse(call: Call, failure: Partial<GraphFailure>): this {
    const error: GraphFailure = {
      code: '100',
      message: 'no',
      handling: 'number',
      retryAfter: null,
      whatToDo: 'look',
      ...failure,
    };
    return this.#finish(call, { error });
  }

  /** Lets time pass; timers that are due fire at their own time. */
  wait(span: number): this {
    const end = this.time + span;
    for (;;) {
      const [next] = Object.entries(this.now.timers).sort(([, one], [, other]) => one.dueAt - other.dueAt);
      if (!next || next[1].dueAt > end) break;
      this.time = Math.max(this.time, next[1].dueAt);
      this.life.fireTimer(next[0], this.time);
    }
    this.time = end;
    return this;
  }

  #finish(call: Call, end: { output: unknown } | { error: unknown }): this {
    const child = this.now.children[call];
    if (!child) throw new Error(`${call} is not under way in ${this.state}`);
    this.life.finishChild({ id: call, serial: child.serial }, end, this.time);
    return this;
  }
}

export const added = (
  verification: Verification = { verified: false, verifiedAt: null, expiresAt: null },
): Results['addNumber'] => ({
  preverifiedId: '106540352242922' as PreverifiedId,
  adopted: false,
  sharedWith: [],
  webhooks: false,
  verification,
  policyDay: DAY,
});

export const verifiedAt = (at: number, expiresAt: number | null = at + 90 * DAY) =>
  ({ outcome: 'verified', verification: { verified: true, verifiedAt: at, expiresAt } }) as const;

export const confirmed = (change: { verified?: boolean; registered?: boolean } = {}) =>
  ({
    found: true,
    phoneNumberId: '108692048990658' as Extract<Results['confirmClaim'], { found: true }>['phoneNumberId'],
    verified: true,
    registered: false,
    pin: '654321',
    ...change,
  }) as const;
