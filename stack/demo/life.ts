import { setTimeout } from 'node:timers/promises';
import type { NumberPool, NumberRecord, NumberState } from '../../client';
import { readDigits } from '../../contract/phone-number';
import type { Cast } from './cast';
import type { Signup } from './partner';

/** One number, and the customers who want it. No other number of the demo is of its country: a signup finds this one. */
export class Life {
  constructor(
    readonly number: string,
    readonly wabaId: string,
    private readonly cast: Cast,
  ) {}

  async day(day: number): Promise<void> {
    await setTimeout(this.cast.clock.until(day));
  }

  /** Waits for a state, and shows every change on the way. */
  reaches(state: NumberState): Promise<NumberRecord> {
    return this.is(state, (record) => record.state === state);
  }

  async is(name: string, wanted: (record: NumberRecord) => boolean): Promise<NumberRecord> {
    const { pool, narrator, clock } = this.cast;
    return pool.waitUntil(
      this.number,
      (record) => {
        narrator.changes(record);
        return wanted(record);
      },
      { name, timeout: clock.span(130) },
    );
  }

  /** What a person or a service does that runs the pool. */
  operator(act: (pool: NumberPool, number: string) => Promise<NumberRecord>): Promise<NumberRecord> {
    return act(this.cast.pool, this.number);
  }

  /** A customer comes to the partner's page, picks the number in Meta's popup, and the page reports it. */
  async customerTakesIt(): Promise<void> {
    const signup = await this.#signup('customer');
    const { phoneNumberId } = await this.#pick(signup);
    await this.#signIn(signup);
    const data = { waba_id: this.wabaId, phone_number_id: phoneNumberId };
    await this.cast.partner.report(signup, 'FINISH', data);
  }

  /** The same, but the page is closed before it can report. */
  async customerTakesItUnreported(): Promise<void> {
    await this.#pick(await this.#signup('silent-customer'));
    this.#note('the page is closed before it can report what the customer took');
  }

  async customerCancels(): Promise<void> {
    const signup = await this.#signup('undecided-customer');
    await this.cast.partner.report(signup, 'CANCEL', { current_step: 'PERMISSIONS' });
    this.#note('the customer cancels in the popup');
  }

  /** Meta's webhook reports that somebody came aboard with the WABA. */
  async metaReports(): Promise<void> {
    this.#note(`Meta's webhook reports WABA ${this.wabaId}`);
    await this.cast.metaReportsPartner(this.wabaId);
  }

  async #signup(kind: string): Promise<Signup> {
    const customer = `${kind}-${this.wabaId.slice(-2)}`;
    const country = readDigits(this.number)?.country ?? '';
    const signup = await this.cast.partner.beginSignup(customer, country);
    this.#note(`is reserved for ${customer}, who opens the popup`);
    return signup;
  }

  /** The popup's callback brings a code. A customer who leaves it lying signs in again. */
  async #signIn(signup: Signup): Promise<void> {
    const { sim, partner, signups } = this.cast;
    const expired =
      Number(this.wabaId) % 2 === 1 && !(await partner.handIn(signup, 'a-code-that-has-expired'));
    if (expired) this.#note('the code of the signup has expired: the customer signs in again');
    if (await partner.handIn(signup, await sim.signupCode(this.wabaId))) {
      this.#note("the code of the signup became the customer's own token");
      signups.set(this.wabaId, expired ? 'their code expired, they signed in again' : 'with a code');
    }
  }

  #note(what: string): void {
    this.cast.narrator.note(this.number, what);
  }

  #pick({ preverifiedId }: Signup): Promise<{ phoneNumberId: string }> {
    return this.cast.sim.claim(preverifiedId, this.wabaId);
  }
}
