import type { MessageName } from '../../contract/messages';
import { readStart, type NumberStart, type NumberStartInput } from '../../contract/number-start';
import type { CarriedNumber } from '../../workflows/number/number-life';
import { NumberLife } from '../../workflows/number/number-life';
import { contextOf, stateOf } from '../../workflows/number/number-record';
import { Promises } from './promises';
import type { LifeCall } from './rules/facts';
import { Watch } from './watch';

const besides = ['changeSharing', 'readNumber', 'confirmClaim'];

/** A number's life as the workflow leads it, with a clock that moves only when told. */
export class ChartLife {
  readonly #start: NumberStart;
  readonly #watch = new Watch();
  readonly #promises = new Promises();
  #life: NumberLife;

  constructor(
    start: Partial<NumberStartInput>,
    public at: number,
  ) {
    const read = readStart({ phoneNumber: '15550783881', portfolioId: '506914307656634', ...start });
    if (!read.ok) throw new Error(read.fault);
    this.#start = read.start;
    this.#life = this.#begin(undefined);
  }

  get now() {
    return this.#life.now;
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

  /** Gives the type of the rejection back, if there is one. */
  send(name: MessageName, payload: object): string | null {
    const accepted = this.#life.accept(name, payload, this.at);
    if ('type' in accepted) return accepted.type;
    this.#promises.accepted(accepted);
    this.#promises.keep(this.#life, this.#watch);
    return null;
  }

  finish(call: string, end: { output: unknown } | { error: unknown }): void {
    const { serial } = this.now.children[call]!;
    this.#life.finishChild({ id: call, serial }, end, this.at);
    this.#promises.keep(this.#life, this.#watch);
  }

  /** An answer to a call that is not wanted any more. */
  finishLate(call: string, serial: number): void {
    this.#life.finishChild({ id: call, serial }, { error: 'late' }, this.at);
  }

  get nextTimer(): number {
    return Math.min(...Object.values(this.now.timers).map(({ dueAt }) => dueAt));
  }

  passTo(moment: number): void {
    this.at = moment;
    this.#life.settle(moment);
    this.#promises.keep(this.#life, this.#watch);
  }

  /** As a run hands it to the next one, which it does only when everybody is answered. */
  continueAsNew(): boolean {
    if (!this.#promises.allKept) return false;
    this.#life = this.#begin(
      JSON.parse(JSON.stringify(this.#life.carry(this.#start.chartVersion))) as CarriedNumber,
    );
    return true;
  }

  #begin(carried: CarriedNumber | undefined): NumberLife {
    return new NumberLife(this.#start, carried, this.at, (before, after, event) => {
      this.#watch.step(before, after, event);
    });
  }
}
