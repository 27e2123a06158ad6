import type { GraphFailure } from '../../contract/graph-failure';
import type { LifeEvent, Kept } from '../../workflows/life/kind';
import type { Life } from '../../workflows/life/life';
import { stateOf } from '../../workflows/life/state-of';

export const START = Date.parse('2026-01-01T00:00:00Z');

/** A life by hand: messages, the answers to its calls, and a clock that moves only when told. */
export abstract class LifeWalk<Payloads extends object, Answers extends object> {
  abstract readonly life: Life<string, LifeEvent, Kept>;
  time = START;

  get now() {
    return this.life.now;
  }

  get state(): string {
    const { state, phase } = stateOf(this.now);
    return phase ? `${state}.${phase}` : state;
  }

  get underWay() {
    return Object.keys(this.now.children) as (keyof Answers & string)[];
  }

  /** Sends a message; gives the rejection's type back if there is one. */
  send<Name extends keyof Payloads & string>(name: Name, payload: Payloads[Name]): string | null {
    const accepted = this.life.accept(name, payload, this.time);
    return 'type' in accepted ? accepted.type : null;
  }

  /** The call that is under way is answered. */
  answer<C extends keyof Answers & string>(call: C, output: Answers[C]): this {
    return this.#finish(call, { output });
  }

  refuse(call: keyof Answers & string, failure: Partial<GraphFailure>): this {
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

  #finish(call: string, end: { output: unknown } | { error: unknown }): this {
    const child = this.now.children[call];
    if (!child) throw new Error(`${call} is not under way in ${this.state}`);
    this.life.finishChild({ id: call, serial: child.serial }, end, this.time);
    return this;
  }
}
