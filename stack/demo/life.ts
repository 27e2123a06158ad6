import { setTimeout } from 'node:timers/promises';
import type { NumberPool, NumberRecord, NumberState } from '../../client';
import { readDigits } from '../../contract/phone-number';
import type { Cast } from './cast';
import { tellPartnerAdded } from './meta-webhook';
import type { Signup } from './partner';

/** One number on stage, and the customers who want it: each story's number is the only one of its country. */
export class Life {
  constructor(
    readonly number: string,
    readonly wabaId: string,
    private readonly cast: Cast,
  ) {}

  async day(day: number): Promise<void> {
    await setTimeout(this.cast.clock.until(day));
  }

  /** Waits for a state, telling every change on the way. */
  reaches(state: NumberState): Promise<NumberRecord> {
    return this.is(state, (record) => record.state === state);
  }

  async is(name: string, wanted: (record: NumberRecord) => boolean): Promise<NumberRecord> {
    const { pool, narrator, clock } = this.cast;
    return pool.waitUntil(
      this.number,
      (record) => {
        narrator.tell(record);
        return wanted(record);
      },
      { name, timeout: clock.span(130) },
    );
  }

  /** What a person or a service does that runs the pool. */
  operator(act: (pool: NumberPool, number: string) => Promise<NumberRecord>): Promise<NumberRecord> {
    return act(this.cast.pool, this.number);
  }

  /** A customer comes to the partner's page, picks the number in Meta's popup, and the page tells. */
  async customerTakesIt(): Promise<void> {
    const signup = await this.#signup('customer');
    const { phoneNumberId } = await this.#pick(signup);
    const data = { waba_id: this.wabaId, phone_number_id: phoneNumberId };
    await this.cast.partner.tell(signup, 'FINISH', data);
  }

  /** The same, but the page is closed too early to tell. */
  async customerTakesItInSilence(): Promise<void> {
    await this.#pick(await this.#signup('silent-customer'));
    this.#aside('the page is closed before it can tell what the customer took');
  }

  async customerCancels(): Promise<void> {
    const signup = await this.#signup('undecided-customer');
    await this.cast.partner.tell(signup, 'CANCEL', { current_step: 'PERMISSIONS' });
    this.#aside('the customer cancels in the popup');
  }

  /** Meta's webhook says that somebody came aboard with the WABA. */
  async metaTells(): Promise<void> {
    this.#aside(`Meta's webhook tells of WABA ${this.wabaId}`);
    await tellPartnerAdded(this.cast.metaWebhook, this.wabaId);
  }

  async #signup(kind: string): Promise<Signup> {
    const customer = `${kind}-${this.wabaId.slice(-2)}`;
    const country = readDigits(this.number)?.country ?? '';
    const signup = await this.cast.partner.beginSignup(customer, country);
    this.#aside(`is reserved for ${customer}, who opens the popup`);
    return signup;
  }

  #aside(what: string): void {
    this.cast.narrator.aside(this.number, what);
  }

  #pick({ preverifiedId }: Signup): Promise<{ phoneNumberId: string }> {
    return this.cast.meta.claim(preverifiedId, this.wabaId);
  }
}
