import pLimit from 'p-limit';
import type { NumberRecord } from '../../contract/number-record';
import { readWrittenOrDigits } from '../../contract/phone-number';
import { shown } from '../pool/phone-number';
import type { ReserveOne } from '../pool/reserve-one';
import { RefusedError } from '../pool/refused-error';
import { whyNot, type OfferedNumber, type OfferOptions } from './offer';
import { buildSignupConfig, deprecationOf, type Prefill, type SignupVersion } from './signup-config';

export type SignupOptions = SignupVersion & Prefill & OfferOptions;
/** For a customer: which number they get, and for how long. */
export type CustomerSignupOptions = SignupVersion & Prefill & Omit<ReserveOne, 'among'>;

export interface Signup {
  /** For `FB.login`, or in the document's shape. */
  config: Record<string, unknown>;
  /** In the order in which they were named. */
  offered: OfferedNumber[];
  leftOut: { number: string; reason: string }[];
  /** That Meta has deprecated the version; `null` for v4. */
  notice: string | null;
}

/** What a signup asks of a pool. */
export interface Records {
  /** `null` for a number that is not in the pool. */
  get(number: string): Promise<NumberRecord | null>;
  /** Digits of all numbers that can have a pre-verified ID. */
  unclaimed(): AsyncIterable<string>;
  reserveOne(request: ReserveOne): Promise<NumberRecord>;
}

/**
 * Chooses from the named numbers, or pre-verified IDs, those that a customer can take, and builds the popup's
 * configuration for them. For a customer one of them is reserved, or one of the whole pool where none is named.
 *
 * @throws {RefusedError} `WrongState` where none is left; for a customer what {@link Records.reserveOne} throws
 */
export async function signup(
  records: Records,
  named: readonly string[],
  options: SignupOptions | CustomerSignupOptions,
): Promise<Signup> {
  const { customerId } = options;
  if (customerId === undefined) return offer(records, named, options);
  const among = named.length > 0 && { among: await digitsOf(records, named) };
  const { phoneNumber, reservation } = await records.reserveOne({ ...options, customerId, ...among });
  // As the number holds it: without blanks around it.
  const holder = reservation && { customerId: reservation.customerId };
  return offer(records, [phoneNumber], { ...options, ...holder });
}

async function digitsOf(records: Records, named: readonly string[]): Promise<string[]> {
  const numbers = await Promise.all(named.map((name) => digitsOfNumber(records, name)));
  const byId = await findByIds(records, new Set(named.filter((_, index) => numbers[index] === null)));
  return named.flatMap(
    (name, index) => numbers[index] ?? byId.get(name)?.phoneNumber ?? readWrittenOrDigits(name)?.digits ?? [],
  );
}

/** `null` for a pre-verified ID. Of digits alone only the pool can tell: one ID in five could be a phone number. */
async function digitsOfNumber(records: Records, name: string): Promise<string | null> {
  const number = readWrittenOrDigits(name);
  if (number === null || !/^\d+$/.test(name)) return number?.digits ?? null;
  return (await records.get(name))?.phoneNumber ?? null;
}

async function offer(
  records: Records,
  named: readonly string[],
  options: SignupVersion & Prefill & OfferOptions,
): Promise<Signup> {
  const found = await Promise.all(
    named.map(async (name) => (readWrittenOrDigits(name) ? records.get(name) : null)),
  );
  const ids = new Set(named.filter((_, index) => !found[index]));
  const byId = await findByIds(records, ids);
  const offered: OfferedNumber[] = [];
  const leftOut: Signup['leftOut'] = [];
  for (const [index, name] of named.entries()) {
    const record = found[index] ?? byId.get(name);
    const reason = record
      ? whyNot(record, options)
      : 'not in the pool, neither as a number nor as a pre-verified ID';
    if (record?.preverifiedId && reason === null) {
      offered.push({ phoneNumber: record.phoneNumber, preverifiedId: record.preverifiedId });
    } else leftOut.push({ number: shown(name), reason: String(reason) });
  }
  if (offered.length === 0) {
    const reasons = leftOut.map(({ number, reason }) => `${number} is ${reason}`).join('; ');
    throw new RefusedError(
      'WrongState',
      `No number can be offered: ${reasons || 'none was named'}.`,
      named.map(shown).join(', '),
    );
  }
  return {
    config: buildSignupConfig(
      offered.map(({ preverifiedId }) => preverifiedId),
      options,
    ),
    offered,
    leftOut,
    notice: deprecationOf(options.version),
  };
}

/** Temporal cannot search for pre-verified IDs, so each unclaimed number is read. */
async function findByIds(records: Records, ids: Set<string>): Promise<Map<string, NumberRecord>> {
  const found = new Map<string, NumberRecord>();
  if (ids.size === 0) return found;
  const limit = pLimit(10);
  const asked: Promise<void>[] = [];
  for await (const digits of records.unclaimed()) {
    asked.push(
      limit(async () => {
        const record = await records.get(digits);
        if (record?.preverifiedId && ids.has(record.preverifiedId)) found.set(record.preverifiedId, record);
      }),
    );
  }
  await Promise.all(asked);
  return found;
}
