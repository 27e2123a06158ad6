import type { Client } from '@temporalio/client';
import { messageNames, type MessageName, type MessagePayload } from '../contract/messages';
import type { NumberRecord, NumberState, TakenCode } from '../contract/number-record';
import type { CustomerMessageName, CustomerMessagePayload } from '../contract/customer-messages';
import type { CustomerRecord } from '../contract/customer-record';
import { beginCustomer, connectCustomer } from './customers/begin';
import {
  checkedMessage,
  checkedWabaId,
  getCustomer,
  listCustomers,
  signalCustomer,
  updateCustomer,
  type CustomerFilter,
  type ListedCustomer,
} from './customers/customer';
import { waitUntilCustomer } from './customers/wait';
import { addNumber, type AddedNumber, type AddOptions } from './pool/add';
import { checkClientKeys } from '../temporal/check-keys';
import { connect } from '../temporal/connect';
import { addMany, type AddManyOptions, type AddOutcome, type NumberToAdd } from './pool/add-many';
import { checkedBy } from './pool/by';
import { defined } from './pool/defined';
import type { NumberFilter } from './pool/filter';
import { getRecord } from './pool/get';
import type { Holding } from '../contract/holding';
import { listNumbers, type ListedNumber } from './pool/list';
import { digitsInPool, digitsOnRecord } from './pool/phone-number';
import { readPin } from './pool/pin';
import { setPin } from './pool/set-pin';
import { RefusedError } from './pool/refused-error';
import { Reservations, type ReservablePool, type ReserveOne } from './pool/reserve-one';
import { sendSignal, sendUpdate, type Sender } from './pool/send';
import { Updates } from './pool/updates';
import { waitUntil, type WaitOptions } from './pool/wait';
import { needs, readSettings } from '../settings';
import { environment } from '../settings/environment';
import { readHistory } from './pool/ask-records';
import { signup, type CustomerSignupOptions, type Signup, type SignupOptions } from './signup/signup';

export interface PoolOptions {
  /** The business portfolio that owns the pool; numbers are added to it, and `list` shows only its own. */
  portfolioId?: string;
  /** Who or what speaks, for auditors; a message may name another. */
  by?: string;
  /** How numbers live that are added without a word on it. */
  defaults?: Omit<AddOptions, 'portfolioId' | 'by'>;
  /** Milliseconds to wait for a number's answer; a minute by default. */
  answerWithin?: number;
  /** Writes in clear, though the pool is encrypted: what is answered cannot be read then. For {@link NumberPool.connect}. */
  inClear?: boolean;
  /** Hears what a person should look at and no call fails by, such as a number that does not answer. */
  warn?: (message: string) => void;
}

/** A pool with a connection of its own. */
export interface ConnectedPool extends NumberPool {
  close(): Promise<void>;
}

/** One function for each message, by its name. */
export type SendSignals = {
  [Name in MessageName]: (number: string, payload: MessagePayload<Name>) => Promise<void>;
};

/**
 * A pool of pre-verified numbers. Numbers are given with their country code, with or without `+` and separators.
 *
 * @example
 * const pool = new NumberPool(client, { portfolioId: '506914307656634', by: 'onboarding' });
 * await pool.add('+1 555 078 3881');
 * await pool.submitCode('+15550783881', { code: 'WhatsApp code 123-456' });
 */
export class NumberPool {
  /** Every message without waiting for its effect: a refusal shows in the number's `lastRefusal` only. */
  readonly signal: SendSignals;
  readonly #sender: Sender;
  readonly #reservations: Reservations;
  #checkedKeys: Promise<void> | undefined;

  /**
   * Connects as the environment says (`TEMPORAL_…`, `PAYLOAD_KEYS`, and `PORTFOLIO_ID` unless the options name one).
   *
   * @returns a pool with `close()`
   * @throws {StartError} naming what is wrong with a setting, or that Temporal cannot be reached
   */
  static async connect(options: PoolOptions = {}, env = environment()): Promise<ConnectedPool> {
    const portfolioId = options.portfolioId ?? readSettings(['pool'], env).pool.portfolioId;
    const { inClear = false } = options;
    const connected = await connect(readSettings(needs.client, env), { inClear });
    const pool = new NumberPool(connected.client, { ...options, portfolioId });
    return Object.assign(pool, { close: () => connected.close() });
  }

  constructor(
    readonly client: Client,
    private readonly options: PoolOptions = {},
  ) {
    this.#sender = {
      client,
      updates: new Updates(client),
      by: checkedBy(options.by),
      answerWithin: options.answerWithin ?? 60_000,
      checkKeys: () => this.checkKeys(),
    };
    this.signal = Object.fromEntries(
      messageNames.map((name) => [
        name,
        (number: string, payload: never) => sendSignal(this.#sender, name, number, payload),
      ]),
    ) as SendSignals;
    this.#reservations = new Reservations(this.#reservable(), this.#sender.answerWithin, options.warn);
  }

  /**
   * Checks, once, whether the pool's workers and this client can read each other. Every method that writes does it first,
   * and then writes nothing where they cannot.
   *
   * @throws {StartError} naming the key of PAYLOAD_KEYS and what to do
   */
  checkKeys(): Promise<void> {
    const checked = (this.#checkedKeys ??= checkClientKeys(this.client));
    checked.catch(() => (this.#checkedKeys = undefined));
    return checked;
  }

  /**
   * Adds a number to the pool, or finds it there: a running or Registered one is left as it is, one that was Removed or
   * Rejected, or whose run failed, begins anew.
   *
   * @throws {RefusedError} `InvalidMessage`, or `WrongPortfolio` where another portfolio has it
   */
  async add(number: string, options: AddOptions = {}): Promise<AddedNumber> {
    const { portfolioId, by, defaults = {} } = this.options;
    const all = {
      ...(portfolioId !== undefined && { portfolioId }),
      ...(by !== undefined && { by }),
      ...defined(defaults),
      ...defined(options),
      policy: { ...defaults.policy, ...defined(options.policy ?? {}) },
      automation: { ...defaults.automation, ...defined(options.automation ?? {}) },
    };
    return addNumber(this.client, number, all, this.#sender.checkKeys);
  }

  /** Adds many, ten at a time; one that fails stops no other. Outcomes come in the order of the numbers. */
  addMany(numbers: Iterable<NumberToAdd>, options: AddManyOptions = {}): Promise<AddOutcome[]> {
    return addMany((number, own) => this.add(number, own), numbers, options);
  }

  /** Asks Meta to send a one-time code. @throws {RefusedError} `TooEarlyToReverify` before the window, `MetaRefused` … */
  requestCode(number: string, payload: MessagePayload<'requestCode'> = {}): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'requestCode', number, payload);
  }

  /** Hands in a code, or the text that holds it. @throws {RefusedError} `WrongCode`, `WrongState` … */
  submitCode(number: string, payload: MessagePayload<'submitCode'>): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'submitCode', number, payload);
  }

  /** Holds the number for one customer. @throws {RefusedError} `Reserved`, `AlreadyClaimed` … */
  reserve(number: string, payload: MessagePayload<'reserve'>): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'reserve', number, payload);
  }

  /**
   * Holds one of the pool's numbers for a customer, who gets the same one again while they hold it: verified, free, and
   * said to be so by Meta just now. One with more time left is preferred.
   *
   * @throws {RefusedError} `NoneFree`, `InvalidMessage`, or `MetaRefused` where Meta could not be asked
   */
  reserveOne(request: ReserveOne): Promise<NumberRecord> {
    return this.#reservations.reserveOne(request);
  }

  /** Ends the reservation. @throws {RefusedError} `Reserved` where another customer holds it */
  release(number: string, payload: MessagePayload<'release'> = {}): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'release', number, payload);
  }

  /** Reports that a customer has taken the number. @throws {RefusedError} `AlreadyClaimed`, `ClaimNotFound` … */
  claim(number: string, payload: MessagePayload<'claim'>): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'claim', number, payload);
  }

  /** Claims the number for a customer through the API. @throws {RefusedError} `Reserved`, `WrongState`, `MetaRefused` … */
  claimFor(number: string, payload: MessagePayload<'claimFor'>): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'claimFor', number, payload);
  }

  /** Registers the claimed number for Cloud API. @throws {RefusedError} `WrongState`, `BudgetSpent`, `MetaRefused` … */
  register(number: string, payload: MessagePayload<'register'> = {}): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'register', number, payload);
  }

  /** Lets a partner offer the number. @throws {RefusedError} `AlreadyClaimed`, `MetaRefused` … */
  share(number: string, payload: MessagePayload<'share'>): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'share', number, payload);
  }

  /** Stops sharing it with a partner. @throws {RefusedError} `AlreadyClaimed`, `MetaRefused` … */
  unshare(number: string, payload: MessagePayload<'unshare'>): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'unshare', number, payload);
  }

  /** Takes the number out of the pool. @throws {RefusedError} `AlreadyClaimed`, `MetaRefused` … */
  remove(number: string, payload: MessagePayload<'remove'> = {}): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'remove', number, payload);
  }

  /**
   * Ends the life of a number whose customer has left before it was registered; leaving does it by itself.
   *
   * @throws {RefusedError} `WrongState` where that WABA has not claimed it, or it is registered
   */
  endClaim(number: string, payload: MessagePayload<'endClaim'>): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'endClaim', number, payload);
  }

  /** Hands in what the number received, whoever it is for. @throws {RefusedError} `InvalidMessage` where it holds no code */
  receiveCode(number: string, payload: MessagePayload<'receiveCode'>): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'receiveCode', number, payload);
  }

  /** Shows a code that came though nobody here asked for it, once. @throws {RefusedError} `WrongState` where there is none */
  takeCode(number: string, payload: MessagePayload<'takeCode'> = {}): Promise<TakenCode> {
    return sendUpdate(this.#sender, 'takeCode', number, payload) as Promise<TakenCode>;
  }

  /** Reads the status again at Meta, and goes by it. @throws {RefusedError} `AlreadyClaimed`, `MetaRefused` … */
  refresh(number: string, payload: MessagePayload<'refresh'> = {}): Promise<NumberRecord> {
    return sendUpdate(this.#sender, 'refresh', number, payload);
  }

  /** The number as it stands. @throws {RefusedError} `UnknownNumber` */
  async get(number: string): Promise<NumberRecord> {
    return getRecord(this.client, await digitsInPool(this.client, number), this.#sender.answerWithin);
  }

  /**
   * Who had the number from when to when, oldest first, for good: also after Temporal has forgotten its lives. Needs a
   * worker, and the records that it keeps.
   *
   * @throws {TimedOutError} where no worker answers
   */
  async history(number: string): Promise<Holding[]> {
    const { answerWithin } = this.#sender;
    return readHistory(this.client, await digitsOnRecord(this.client, number, answerWithin), answerWithin);
  }

  /** The numbers that a filter admits, from Temporal's search: a second or so behind, without asking each. */
  list(filter: NumberFilter = {}): AsyncGenerator<ListedNumber, void, undefined> {
    const { portfolioId } = this.options;
    return listNumbers(this.client, {
      ...(portfolioId !== undefined && { portfolioId }),
      ...defined(filter),
    });
  }

  /**
   * Waits until the number is in a state, or in one of several; woken by the number, not by a clock.
   *
   * @throws {RefusedError} `WrongState` once the number's life has ended in another state
   * @throws {TimedOutError} after `timeout` milliseconds, which are endless by default
   */
  async waitFor(
    number: string,
    state: NumberState | readonly NumberState[],
    options: WaitOptions = {},
  ): Promise<NumberRecord> {
    const states: readonly NumberState[] = typeof state === 'string' ? [state] : state;
    return this.waitUntil(number, (record) => states.includes(record.state), {
      name: states.join(' or '),
      ...options,
    });
  }

  /** As {@link waitFor}, for anything else that a record tells; `name` says in an error what was waited for. */
  async waitUntil(
    number: string,
    is: (record: NumberRecord) => boolean,
    { name = 'as it should be', ...options }: WaitOptions & { name?: string } = {},
  ): Promise<NumberRecord> {
    const { answerWithin } = this.#sender;
    const digits = await digitsInPool(this.client, number);
    return waitUntil(this.client, digits, { is, name }, { ...options, answerWithin });
  }

  /**
   * The configuration of Meta's signup popup that offers the numbers, named by themselves or by their pre-verified IDs.
   * Only those that a customer can take at once: verified, unclaimed, not reserved for another. For a customer one is
   * reserved, as {@link reserveOne} does, of those that are named or of the whole pool, and offered alone.
   *
   * @throws {RefusedError} `WrongState` where none is left, saying why for each; for a customer `NoneFree`
   */
  signupConfig(options: CustomerSignupOptions): Promise<Signup>;
  signupConfig(numbers: readonly string[], options: SignupOptions): Promise<Signup>;
  signupConfig(first: readonly string[] | CustomerSignupOptions, second?: SignupOptions): Promise<Signup> {
    const [numbers, options] = 'length' in first ? [first, second as SignupOptions] : [[], first];
    const records = {
      get: (number: string) => this.#find(number),
      unclaimed: () => this.#unclaimed(),
      reserveOne: (request: ReserveOne) => this.reserveOne(request),
    };
    return signup(records, numbers, options);
  }

  /**
   * The two-step PIN that the number was registered with, once: who reads it is on record for good. That of a number which
   * Temporal has forgotten is in the records, which a worker reads.
   *
   * @throws {RefusedError} `PinRead` the second time, `WrongState` before it is Registered or where the PIN is not ours,
   * `UnknownNumber` where the records do not know it either
   */
  async readPin(number: string, by: string): Promise<string> {
    const digits = await digitsOnRecord(this.client, number, this.#sender.answerWithin);
    checkedBy(by, digits);
    await this.checkKeys();
    return readPin(this.client, digits, by, this.#sender.answerWithin);
  }

  /**
   * Sets another two-step PIN on a registered number at Meta, and shows it, this once; also where records alone know the
   * number.
   *
   * @param pin six digits; one is made where it is left out
   * @throws {RefusedError} `MetaRefused` with Meta's words, `WrongState`, `InvalidMessage`, `UnknownNumber`
   */
  async setPin(number: string, by: string, pin?: string): Promise<string> {
    await this.checkKeys();
    const digits = await digitsOnRecord(this.client, number, this.#sender.answerWithin);
    return setPin(this.client, digits, { by, pin, within: this.#sender.answerWithin });
  }

  /**
   * Has a customer connected now, or what failed tried again: our app is subscribed to their WABA, our credit line shared.
   * Begins their life with us where none is under way. Settles once Temporal holds it; {@link getCustomer} tells what came
   * of it.
   *
   * @throws {RefusedError} `InvalidMessage`
   */
  async connectCustomer(
    wabaId: string,
    payload: CustomerMessagePayload<'connect'> = {},
    { portfolioId = this.options.portfolioId }: { portfolioId?: string } = {},
  ): Promise<void> {
    const waba = checkedWabaId(wabaId);
    const message = checkedMessage('connect', waba, payload, this.#sender.by);
    if (portfolioId === undefined)
      throw new RefusedError(
        'InvalidMessage',
        `WABA ${waba} was not connected: portfolioId is missing.`,
        waba,
      );
    await this.checkKeys();
    await connectCustomer(this.client, { wabaId: waba, portfolioId, by: message.by ?? 'unnamed' }, message);
  }

  /**
   * Begins a customer's life, where none is under way, and gives their token five minutes to come; of one who lives
   * nothing is written.
   *
   * @param options.businessId whose WABA it is, where Meta has said so
   */
  async beginCustomer(
    wabaId: string,
    by: string,
    {
      portfolioId = this.options.portfolioId,
      businessId,
    }: { portfolioId?: string; businessId?: string } = {},
  ): Promise<void> {
    const waba = checkedWabaId(wabaId);
    if (portfolioId === undefined)
      throw new RefusedError('InvalidMessage', `WABA ${waba} was not begun: portfolioId is missing.`, waba);
    checkedBy(by, waba);
    await this.checkKeys();
    const customer = { wabaId: waba, portfolioId, by };
    await beginCustomer(this.client, { ...customer, ...(businessId !== undefined && { businessId }) });
  }

  /** The customer as they stand. @throws {RefusedError} `UnknownCustomer` */
  async getCustomer(wabaId: string): Promise<CustomerRecord> {
    return getCustomer(this.client, checkedWabaId(wabaId), this.#sender.answerWithin);
  }

  /**
   * Waits until a customer is as wanted; woken by their workflow, not by a clock.
   *
   * @throws {RefusedError} `UnknownCustomer`, or `WrongState` once they have left otherwise
   * @throws {TimedOutError} after `timeout` milliseconds, which are endless by default
   */
  async waitUntilCustomer(
    wabaId: string,
    is: (record: CustomerRecord) => boolean,
    options: WaitOptions = {},
  ): Promise<CustomerRecord> {
    const { answerWithin } = this.#sender;
    return waitUntilCustomer(this.client, checkedWabaId(wabaId), is, { ...options, answerWithin });
  }

  /** The customers that a filter admits, from Temporal's search: a second or so behind, without asking each. */
  listCustomers(filter: CustomerFilter = {}): AsyncGenerator<ListedCustomer, void, undefined> {
    const { portfolioId } = this.options;
    return listCustomers(this.client, {
      ...(portfolioId !== undefined && { portfolioId }),
      ...defined(filter),
    });
  }

  /** Reads a customer again at Meta: token, subscription, numbers. @throws {RefusedError} `UnknownCustomer` … */
  async refreshCustomer(
    wabaId: string,
    payload: CustomerMessagePayload<'refresh'> = {},
  ): Promise<CustomerRecord> {
    return updateCustomer(this.#sender, 'refresh', checkedWabaId(wabaId), payload);
  }

  /**
   * Ends our work for a customer: the credit line is revoked and their token destroyed. Answers once they have left.
   *
   * @throws {RefusedError} `UnknownCustomer`, `MetaRefused` where Meta does not revoke it
   */
  async offboardCustomer(
    wabaId: string,
    payload: CustomerMessagePayload<'offboard'> = {},
  ): Promise<CustomerRecord> {
    return updateCustomer(this.#sender, 'offboard', checkedWabaId(wabaId), payload);
  }

  /** Signals a customer's workflow what Meta said, without waiting. @throws {RefusedError} `UnknownCustomer` */
  async signalCustomer<Name extends CustomerMessageName>(
    name: Name,
    wabaId: string,
    payload: CustomerMessagePayload<Name>,
  ): Promise<void> {
    await signalCustomer(this.#sender, name, checkedWabaId(wabaId), payload);
  }

  /** One number that does not answer must leave time to try others. */
  #reservable(): ReservablePool {
    const brief = (part: number) => ({
      ...this.#sender,
      answerWithin: Math.max(1_000, this.#sender.answerWithin * part),
    });
    return {
      list: (filter) => this.list(filter),
      reserve: (number, payload) => sendUpdate(brief(1 / 4), 'reserve', number, payload),
      // Asks Meta.
      refresh: (number) => sendUpdate(brief(1 / 2), 'refresh', number, {}),
      release: (number, payload) => sendUpdate(brief(1 / 4), 'release', number, payload),
      signal: this.signal,
    };
  }

  async #find(number: string): Promise<NumberRecord | null> {
    try {
      return await this.get(number);
    } catch (error) {
      if (error instanceof RefusedError && error.type === 'UnknownNumber') return null;
      throw error;
    }
  }

  async *#unclaimed(): AsyncGenerator<string> {
    for await (const { phoneNumber } of this.list({
      state: ['Added', 'CodeRequested', 'Verified', 'Unverified'],
    }))
      yield phoneNumber;
  }
}
