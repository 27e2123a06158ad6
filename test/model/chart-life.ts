import { Interpreter, type Interpretation } from '../../workflows/interpreter/interpretation';
import { latestChart } from '../../workflows/number/charts';
import { readEvent } from '../../workflows/number/intake';
import { contextOf, stateOf } from '../../workflows/number/number-record';
import { refusal } from '../../workflows/number/refusals';
import { readStart, type NumberStartInput } from '../../contract/number-start';
import type { MessageName } from '../../contract/messages';
import type { LifeCall } from './rules/facts';
import { Promises } from './promises';
import { Watch } from './watch';

const besides = ['changeSharing', 'readNumber'];

/** Those that live by the same rules begin alike, which is worked out once. */
const beginnings = new Map<string, Interpretation>();

function begun(interpreter: Interpreter, start: Partial<NumberStartInput>, at: number): Interpretation {
  const key = JSON.stringify([start, at]);
  const known = beginnings.get(key);
  if (known) return known;
  const read = readStart({ phoneNumber: '15550783881', portfolioId: '506914307656634', ...start });
  if (!read.ok) throw new Error(read.fault);
  const beginning = interpreter.begin({ ...read.start, at });
  beginnings.set(key, beginning);
  return beginning;
}

/** A number's life on the pure chart, as the workflow leads it, with a clock that moves only when told. */
export class ChartLife {
  readonly #interpreter: Interpreter;
  readonly #watch = new Watch();
  readonly #promises = new Promises();
  now: Interpretation;

  constructor(
    start: Partial<NumberStartInput>,
    public at: number,
  ) {
    this.#interpreter = new Interpreter(latestChart, (before, after, event) => {
      this.#watch.step(before, after, event);
    });
    this.now = begun(this.#interpreter, start, at);
  }

  get context() {
    return contextOf(this.now);
  }

  get call(): LifeCall | null {
    return (
      (Object.keys(this.now.children).find((id) => !besides.includes(id)) as LifeCall | undefined) ?? null
    );
  }

  get standing() {
    const { state, phase } = stateOf(this.now);
    return { state, phase };
  }

  /** Gives the type of the refusal back, if it is refused. */
  send(name: MessageName, payload: object): string | null {
    const read = readEvent(latestChart, this.now, name, payload, this.at);
    if ('type' in read) return read.type;
    const refused = refusal(latestChart, this.now, read.event);
    if (refused) return refused.type;
    this.#promises.accepted(read.event, this.now);
    this.#go(this.#interpreter.advance(this.now, read.event));
    return null;
  }

  finish(call: string, end: { output: unknown } | { error: unknown }): void {
    const { serial } = this.now.children[call]!;
    this.#go(this.#interpreter.finishChild(this.now, { id: call, serial }, end, this.at));
  }

  /** An answer to a call that is not wanted any more. */
  finishLate(call: string, serial: number): void {
    this.now = this.#interpreter.finishChild(this.now, { id: call, serial }, { error: 'late' }, this.at);
  }

  get nextTimer(): number {
    return Math.min(...Object.values(this.now.timers).map(({ dueAt }) => dueAt));
  }

  passTo(moment: number): void {
    this.at = moment;
    this.#go(this.#interpreter.settle(this.now, moment));
  }

  /** As a run hands it to the next one, which it does only when everybody is answered. */
  continueAsNew(): void {
    if (!this.#promises.allKept) return;
    this.now = this.#interpreter.settle(JSON.parse(JSON.stringify(this.now)) as Interpretation, this.at);
  }

  #go(next: Interpretation): void {
    this.now = next;
    this.#promises.keep(next, this.#watch);
  }
}
