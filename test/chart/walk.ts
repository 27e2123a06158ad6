import type { GraphFailure } from '../../contract/graph-failure';
import type { Verification } from '../../contract/number-activities';
import type { PreverifiedId } from '../../contract/ids';
import { Interpreter, type Interpretation } from '../../workflows/interpreter/interpretation';
import { chartOf } from '../../workflows/number/charts';
import { latestChartVersion } from '../../contract/chart-version';
import type { Call } from '../../workflows/number/context';
import type { MessageEvent, Results } from '../../workflows/number/events';
import { contextOf, stateOf } from '../../workflows/number/number-record';
import { refusal } from '../../workflows/number/refusals';
import { readStart, type NumberStartInput } from '../../contract/number-start';
import { readMessage, type MessageName, type MessagePayload } from '../../contract/messages';

export const DAY = 24 * 60 * 60 * 1000;
export const MINUTE = 60 * 1000;
export const START = Date.parse('2026-01-01T00:00:00Z');

/** A number's life on the pure chart, by hand: messages, Meta's answers, and a clock that moves only when told. */
export class Walk {
  readonly #interpreter: Interpreter;
  now: Interpretation;
  time = START;

  constructor(start: Partial<NumberStartInput> = {}) {
    const read = readStart({
      phoneNumber: '15550783881',
      portfolioId: '506914307656634',
      chartVersion: latestChartVersion,
      ...start,
    });
    if (!read.ok) throw new Error(read.fault);
    this.#interpreter = new Interpreter(chartOf(read.start.chartVersion));
    this.now = this.#interpreter.begin({ ...read.start, at: this.time });
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

  /** Sends a message; gives the refusal's type back if there is one. */
  send<Name extends MessageName>(name: Name, payload: MessagePayload<Name>): string | null {
    const read = readMessage(name, payload);
    if (!read.ok) return 'InvalidMessage';
    const event = { ...read.message, type: name, at: this.time } as MessageEvent;
    const settled = this.#interpreter.settle(this.now, this.time);
    const refused = refusal(this.#interpreter.chart, settled, event);
    if (refused) return refused.type;
    this.now = this.#interpreter.advance(this.now, event);
    return null;
  }

  /** Meta answers the call that is under way. */
  answer<C extends Call>(call: C, output: Results[C]): this {
    return this.#finish(call, { output });
  }

  refuse(call: Call, refused: Partial<GraphFailure>): this {
    const error: GraphFailure = {
      code: '100',
      message: 'no',
      handling: 'number',
      retryAfter: null,
      whatToDo: 'look',
      ...refused,
    };
    return this.#finish(call, { error });
  }

  /** Lets time pass; timers that are due fire at their own time. */
  wait(span: number): this {
    const end = this.time + span;
    for (;;) {
      const due = Math.min(...Object.values(this.now.timers).map(({ dueAt }) => dueAt));
      if (due > end) break;
      this.time = due;
      this.now = this.#interpreter.settle(this.now, due);
    }
    this.time = end;
    return this;
  }

  #finish(call: Call, end: { output: unknown } | { error: unknown }): this {
    const child = this.now.children[call];
    if (!child) throw new Error(`${call} is not under way in ${this.state}`);
    this.now = this.#interpreter.finishChild(this.now, { id: call, serial: child.serial }, end, this.time);
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
