import { readDigits, sameNumber } from '../../contract/phone-number';
import type { NumberState } from '../../contract/number-record';
import type { NumberFilter } from './filter';
import type { ListedNumber } from './list';

export interface Listing {
  list(filter: NumberFilter): AsyncIterable<ListedNumber>;
}

export interface Wish {
  customerId: string;
  country?: string;
  among?: readonly string[];
  includeUnverified?: boolean;
}

/** A list is shared by all who ask within this, in milliseconds. */
const shareFor = 250;
/** One that has failed comes after all others for this, in milliseconds. */
const leaveAloneFor = 5 * 60_000;
/** So many are asked for by name at once. */
const askedAtOnce = 100;

/** The numbers that can be tried for a customer: free by Temporal's search, and not tried by this process just now. */
export class FreeNumbers {
  readonly #listing: Listing;
  readonly #restUntil = new Map<string, number>();
  readonly #lists = new Map<string, { until: number; numbers: Promise<ListedNumber[]> }>();
  readonly #failed = new Map<string, number>();
  #trying = 0;

  /**
   * @param rest milliseconds for which a number that was tried is left alone: until search knows what came of it
   * @param most so many are looked at to find those with most time left
   */
  constructor(
    listing: Listing,
    private readonly rest: number,
    private readonly most = 1000,
  ) {
    this.#listing = listing;
  }

  /** Whether a number is being tried for somebody. */
  get isTrying(): boolean {
    return this.#trying > 0;
  }

  fits(digits: string, { country, among }: Wish): boolean {
    return (
      (country === undefined || readDigits(digits)?.country === country) &&
      (among === undefined || among.some((named) => sameNumber(named, digits)))
    );
  }

  /** Digits of what the customer holds already, as far as search knows. */
  async heldBy(wish: Wish): Promise<string[]> {
    const held: string[] = [];
    for await (const { phoneNumber } of this.#listing.list({
      customerId: wish.customerId,
      state: states(wish),
    }))
      if (this.fits(phoneNumber, wish) && !this.#hasFailed(phoneNumber)) held.push(phoneNumber);
    return held;
  }

  /** It has failed: it is tried again where there is no other, or after a while. */
  leaveAlone(digits: string): void {
    this.#failed.set(digits, Date.now() + leaveAloneFor);
  }

  /**
   * Tries the one with most time left, or any; those that have failed come last. It is tried for no other customer
   * meanwhile, nor for a moment after.
   *
   * @returns what `act` did, `none` where there is no number to try at the moment
   */
  async tryNext<Result>(
    wish: Wish,
    any: boolean,
    act: (digits: string) => Promise<Result>,
  ): Promise<Result | 'none'> {
    const listed = await this.#list(wish);
    // From here on nothing is awaited until it is marked: others choose from the same list.
    const now = Date.now();
    forgetPast(this.#restUntil, now);
    const left = listed.filter(({ phoneNumber }) => (this.#restUntil.get(phoneNumber) ?? 0) <= now);
    const sound = left.filter(({ phoneNumber }) => !this.#hasFailed(phoneNumber));
    const digits = choose(sound.length > 0 ? sound : left, any)?.phoneNumber;
    if (digits === undefined) return 'none';
    this.#restUntil.set(digits, Infinity);
    this.#trying += 1;
    try {
      return await act(digits);
    } finally {
      this.#trying -= 1;
      this.#restUntil.set(digits, Date.now() + this.rest);
    }
  }

  #hasFailed(digits: string): boolean {
    forgetPast(this.#failed, Date.now());
    return this.#failed.has(digits);
  }

  #list(wish: Wish): Promise<ListedNumber[]> {
    const { country, includeUnverified = false, among } = wish;
    const key = JSON.stringify([country, includeUnverified, among]);
    // What was asked for may be any text.
    for (const [asked, { until }] of this.#lists) if (until <= Date.now()) this.#lists.delete(asked);
    const known = this.#lists.get(key);
    if (known) return known.numbers;
    const numbers = this.#read(wish);
    this.#lists.set(key, { until: Date.now() + shareFor, numbers });
    return numbers;
  }

  async #read(wish: Wish): Promise<ListedNumber[]> {
    const numbers: ListedNumber[] = [];
    for await (const number of this.#free(wish)) {
      // Meta did not know it when it was asked last.
      if (number.problem === 'NotInPool') continue;
      if (numbers.push(number) === this.most) break;
    }
    return numbers.sort((one, other) => timeLeft(other) - timeLeft(one));
  }

  async *#free(wish: Wish): AsyncGenerator<ListedNumber> {
    const { country, among } = wish;
    const filter = { state: states(wish), customerId: null, ...(country !== undefined && { country }) };
    if (among === undefined) yield* this.#listing.list(filter);
    // By name, for the pool may have more free ones than are looked at.
    else
      for (let from = 0; from < among.length; from += askedAtOnce)
        yield* this.#listing.list({ ...filter, numbers: among.slice(from, from + askedAtOnce) });
  }
}

const choose = (numbers: readonly ListedNumber[], any: boolean) =>
  numbers[any ? Math.floor(Math.random() * numbers.length) : 0];

function forgetPast(moments: Map<string, number>, now: number): void {
  for (const [digits, until] of moments) if (until <= now) moments.delete(digits);
}

const states = ({ includeUnverified }: Wish): NumberState[] =>
  includeUnverified ? ['Added', 'CodeRequested', 'Verified', 'Unverified'] : ['Verified'];

const timeLeft = ({ verificationExpiresAt }: ListedNumber) => Date.parse(verificationExpiresAt ?? '') || 0;
