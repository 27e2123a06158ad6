import ms from 'ms';
import { GraphError } from '../graph-error';

/** Register and deregister share a budget: ten per number in any 72 hours (docs/rules.md, Budgets). */
const budget = { calls: 10, within: ms('72 hours') };

/** Whether a business phone number works on Cloud API, and the PIN of its two-step verification. */
export class Registration {
  registered = false;
  everRegistered = false;
  #pin: string | null = null;
  #calls: number[] = [];

  get isPinEnabled(): boolean {
    return this.#pin !== null;
  }

  /**
   * The first PIN becomes the number's; later ones must be the same. A call that is refused has been spent.
   *
   * @param again what becomes of another PIN while the number is registered
   * @returns whether the PIN is the number's
   */
  register(
    pin: string,
    number: { isVerified: boolean; isNameReady: boolean },
    now: number,
    again: 'pinChecked' | 'pinKept',
  ): boolean {
    this.#spend(now);
    if (!number.isVerified) throw new GraphError('verifyFirst');
    if (!number.isNameReady) throw new GraphError('displayNameNotReady');
    if (this.registered && again === 'pinKept') return this.#pin === pin;
    if (this.#pin !== null && this.#pin !== pin) throw new GraphError('pinMismatch');
    this.#pin = pin;
    this.registered = true;
    this.everRegistered = true;
    return true;
  }

  deregister(now: number): void {
    this.#spend(now);
    if (!this.registered) throw new GraphError('notRegistered');
    this.registered = false;
  }

  isPin(pin: string | undefined): boolean {
    return this.#pin === (pin ?? null);
  }

  setPin(pin: string): void {
    this.#pin = pin;
  }

  #spend(now: number): void {
    this.#calls = this.#calls.filter((at) => at > now - budget.within);
    if (this.#calls.length >= budget.calls) throw new GraphError('registrationBudget');
    this.#calls.push(now);
  }
}
