import { setTimeout } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { readMessage, type MessagePayload } from '../../contract/messages';
import type { NumberRecord } from '../../contract/number-record';
import { whyNot } from '../signup/offer';
import { RefusedError, type RefusalType } from './refused-error';
import { FreeNumbers, type Listing } from './reserve-candidates';

export interface ReserveOne {
  customerId: string;
  /** ISO 3166 alpha-2; any by default. */
  country?: string;
  /** How long it is held, `"30 minutes"` by default. */
  ttl?: string;
  /** Only one of these, in whichever written form; any of the pool by default. */
  among?: readonly string[];
  /** Takes one that is not verified where no other is left: the customer must enter a code that only you receive. */
  includeUnverified?: boolean;
}

/** What this needs of a pool. */
export interface ReservablePool extends Listing {
  reserve(number: string, payload: MessagePayload<'reserve'>): Promise<NumberRecord>;
  refresh(number: string): Promise<NumberRecord>;
  release(number: string, payload: MessagePayload<'release'>): Promise<NumberRecord>;
  signal: { release(number: string, payload: MessagePayload<'release'>): Promise<void> };
}

/** Temporal's search is behind by less than this, in milliseconds, unless it is in trouble. */
const searchLag = 3_000;
const rememberFor = 60_000;
/** Numbers that Meta tells nothing of, or that do not answer, before we believe that none does. */
const mostFailures = 3;

/**
 * Gives each customer a number of their own. A number's own workflow decides who gets it; search only proposes. What search
 * cannot know yet, what is being tried here and what was given a moment ago, is kept here, so that a thousand customers
 * at once do not run at the same number.
 */
export class Reservations {
  readonly #pool: ReservablePool;
  readonly #free: FreeNumbers;
  readonly #last = new Map<string, Promise<NumberRecord>>();

  /** @param within milliseconds that a search may take in all */
  constructor(
    pool: ReservablePool,
    private readonly within: number,
    private readonly warn: (message: string) => void = () => undefined,
  ) {
    this.#pool = pool;
    this.#free = new FreeNumbers(pool, searchLag);
  }

  /**
   * The same number again for a customer who holds one; calls of one customer wait for each other.
   *
   * @throws {RefusedError} `NoneFree`, `InvalidMessage`, or `MetaRefused` where Meta could not be asked
   * @throws {TimedOutError} where no number answers
   */
  async reserveOne(asked: ReserveOne): Promise<NumberRecord> {
    const request = checked(asked);
    const { customerId } = request;
    const before = this.#last.get(customerId);
    const mine = (async () => {
      const held = await before?.catch(() => null);
      return (held && (await this.#again(held, request))) ?? this.#find(request);
    })();
    this.#last.set(customerId, mine);
    const forget = () => this.#last.get(customerId) === mine && this.#last.delete(customerId);
    mine.then(() => globalThis.setTimeout(forget, rememberFor).unref(), forget);
    return mine;
  }

  async #again(held: NumberRecord, request: ReserveOne): Promise<NumberRecord | null> {
    const { phoneNumber } = held;
    if (!this.#free.fits(phoneNumber, request)) return null;
    return this.#take(phoneNumber, request, true).catch((error: unknown) => this.#leave(phoneNumber, error));
  }

  async #find(request: ReserveOne): Promise<NumberRecord> {
    const failures: unknown[] = [];
    for (const own of await this.#free.heldBy(request)) {
      const record = await this.#take(own, request, true).catch((error: unknown) => {
        failures.push(error);
        return this.#leave(own, error);
      });
      if (record) return record;
    }
    const begun = Date.now();
    let conflicts = 0;
    for (;;) {
      const tried = await this.#free.tryNext(request, conflicts > 0, (digits) =>
        this.#take(digits, request).catch((error: unknown) => {
          if (failures.push(error) >= mostFailures || Date.now() - begun > this.within) throw error;
          return this.#leave(digits, error);
        }),
      );
      if (tried !== null && tried !== 'none') return tried;
      const waited = Date.now() - begun;
      // One that is being tried for another customer may yet come free.
      const isLast = tried === 'none' && waited > searchLag && !this.#free.isTrying;
      if (isLast || waited > this.within) throw failures.length > 0 ? failures.at(-1) : noneFree(request);
      if (tried === null) conflicts += 1;
      else await setTimeout(100 + Math.random() * 300);
    }
  }

  /** A number that fails closes signup for nobody: the next one is tried. Only where Temporal itself fails, all would. */
  #leave(digits: string, error: unknown): null {
    if (isOfTemporal(error)) throw error;
    if (isOfMeta(error)) return null;
    this.#free.leaveAlone(digits);
    const reason = error instanceof Error ? error.message : String(error);
    this.warn(`+${digits} cannot be reserved, so other numbers are offered before it. ${reason}`);
    return null;
  }

  /**
   * Reserves the number and asks Meta about it; `null` where another customer has it or it is not fit to be offered.
   *
   * @param isHeld the customer holds it already: a call that fails does not take it from them
   */
  async #take(digits: string, request: ReserveOne, isHeld = false): Promise<NumberRecord | null> {
    const { customerId, ttl } = request;
    let reservationId: string | undefined;
    try {
      const reserved = await this.#pool.reserve(digits, { customerId, ...(ttl !== undefined && { ttl }) });
      reservationId = reserved.reservation?.id;
      if (whyNot(reserved, request) === null) {
        const record = await this.#pool.refresh(digits);
        // Somebody may have ended it meanwhile: the customer, in another window.
        if (record.reservation?.id !== reservationId) return null;
        if (whyNot(record, request) === null) return record;
      }
    } catch (error) {
      if (isConflict(error)) return null;
      if (!isHeld) await this.#giveBack(digits, { customerId, reservationId });
      if (error instanceof RefusedError && !isOfMeta(error)) return null;
      throw error;
    }
    await this.#giveBack(digits, { customerId, reservationId });
    return null;
  }

  /** Where this fails, the number was claimed or removed, or does not answer: then the reservation ends by its time. */
  async #giveBack(
    digits: string,
    { customerId, reservationId }: { customerId: string; reservationId: string | undefined },
  ): Promise<void> {
    const release = { customerId, ...(reservationId !== undefined && { reservationId }) };
    await (reservationId === undefined ? this.#pool.signal : this.#pool)
      .release(digits, release)
      .catch(() => undefined);
  }
}

/** The request with the customer's name as the number holds it, without blanks around it. */
function checked(request: ReserveOne): ReserveOne {
  const { customerId, ttl } = request;
  const read = readMessage('reserve', { customerId, ...(ttl !== undefined && { ttl }) });
  if (!read.ok) throw new RefusedError('InvalidMessage', `No number was reserved: ${read.fault}.`, '');
  return { ...request, customerId: read.message.customerId };
}

/** Somebody else was faster, or so many at once that the number's workflow takes no more. */
function isConflict(error: unknown): boolean {
  if (error instanceof RefusedError) return lost.includes(error.type);
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && cause.code === status.RESOURCE_EXHAUSTED;
}

/** Temporal itself does not answer, or has not what we need. That a number does not answer in time is another error. */
const isOfTemporal = (error: unknown) =>
  isGrpcServiceError(error instanceof ServiceError ? error.cause : error);

const lost: readonly RefusalType[] = ['Reserved', 'AlreadyClaimed', 'UnknownNumber'];

/** Meta said no, or asked to wait. */
const isOfMeta = (error: unknown) =>
  error instanceof RefusedError && (error.type === 'MetaRefused' || error.type === 'BudgetSpent');

function noneFree({ country, among }: ReserveOne): RefusedError {
  const which = `${among ? ' of those that were named' : ''}${country === undefined ? '' : ` in ${country}`}`;
  return new RefusedError(
    'NoneFree',
    `No verified number${which} is free: try again when a reservation has ended, or add more numbers.`,
    '',
  );
}
