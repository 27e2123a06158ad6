import * as v from 'valibot';
import { BusinessId, PortfolioId, WabaId } from '../../contract/ids';
import { describeIssue, Duration } from '../../contract/messages';
import type { AttributeValues } from '../../contract/search-attributes';
import { numberStates } from '../../contract/number-record';
import { readWrittenOrDigits, writtenForms } from '../../contract/phone-number';
import { workflowIdOf } from '../../contract/workflow-ids';
import { RefusedError } from './refused-error';

const text = v.pipe(
  v.string(),
  v.nonEmpty('must not be empty'),
  v.maxLength(200, 'must be at most 200 characters'),
);
const State = v.picklist(numberStates, `state must be one of ${numberStates.join(', ')}`);

const PhoneNumber = v.pipe(
  v.string('numbers must be texts'),
  v.transform((number) => readWrittenOrDigits(number)?.digits),
  v.string('numbers must be phone numbers with their country code'),
);

const Filter = v.strictObject({
  /** Only these, in whichever written form; some hundreds at most, for Temporal is asked for all at once. */
  numbers: v.optional(v.pipe(v.array(PhoneNumber), v.nonEmpty('numbers must name one'))),
  /** One state, or any of several. */
  state: v.optional(
    v.union([State, v.pipe(v.array(State), v.nonEmpty('state must name one'))], State.message),
  ),
  /** Verified numbers whose verification ends within this time, such as `"10 days"`; those that are late too. */
  expiringWithin: v.optional(Duration),
  wabaId: v.optional(WabaId),
  /** The customer who claimed it or holds its reservation; `null` for numbers that nobody has. */
  customerId: v.optional(v.nullable(text)),
  /** ISO 3166 alpha-2. */
  country: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'country must be two capital letters such as "DE"')),
  ),
  /** `true` for any problem, `false` for none, or the problem's code. */
  problem: v.optional(v.union([v.boolean(), text])),
  /** Only those with a problem that neither passes by itself nor is mended by the number. */
  needsPerson: v.optional(v.literal(true)),
  /**
   * Only those that are verified, with no reservation and no claim, and known to Meta. One of which a claim was reported is
   * among them: `reserve` refuses it until Meta was asked.
   */
  free: v.optional(v.literal(true)),
  /** Only those whose workflow runs. */
  living: v.optional(v.literal(true)),
  portfolioId: v.optional(PortfolioId),
  /** A partner who may offer it. */
  partnerBusinessId: v.optional(BusinessId),
});

/** What `list` gives; conditions add up, none gives all. */
export type NumberFilter = v.InferInput<typeof Filter>;

/** A filter as Temporal's list takes it, and what must be looked at again in what comes back. */
export interface Search {
  query: string;
  exactly: Partial<Pick<AttributeValues, 'CustomerId' | 'Problem'>>;
  /** Temporal cannot search for partners: what it lists names them. */
  partnerBusinessId: BusinessId | null;
}

/**
 * Only runs that are or were a number's life are searched: continued, failed and terminated ones are left out.
 *
 * @param now epoch milliseconds
 * @throws {RefusedError} `InvalidMessage`
 */
export function search(filter: NumberFilter, now: number): Search {
  const read = v.safeParse(Filter, filter);
  if (!read.success) {
    throw new RefusedError(
      'InvalidMessage',
      `The numbers were not listed: ${describeIssue(read.issues[0])}.`,
      '',
    );
  }
  const { state, expiringWithin, wabaId, customerId, country, problem, portfolioId } = read.output;
  const { numbers, needsPerson, free, living, partnerBusinessId } = read.output;
  const states = state ?? (expiringWithin === undefined ? undefined : 'Verified');
  const conditions = [
    `WorkflowType = 'numberLifecycle'`,
    `ExecutionStatus IN ('Running', 'Completed')`,
    numbers && `WorkflowId IN (${numbers.flatMap(writtenForms).map(workflowIdOf).map(quoted).join(', ')})`,
    states && `NumberState IN (${[states].flat().map(quoted).join(', ')})`,
    expiringWithin && `VerificationExpiresAt <= ${quoted(new Date(now + expiringWithin).toISOString())}`,
    wabaId && is('WabaId', wabaId),
    customerId === null && 'CustomerId IS NULL',
    customerId && is('CustomerId', customerId),
    country && is('Country', country),
    problem === true && 'Problem IS NOT NULL',
    problem === false && 'Problem IS NULL',
    typeof problem === 'string' && is('Problem', problem),
    portfolioId && is('PortfolioId', portfolioId),
    needsPerson && 'NeedsPerson IS NOT NULL',
    free && freeNumbers,
    // Only a number that lives can be offered by a partner.
    (partnerBusinessId ?? needsPerson ?? living) && `ExecutionStatus = 'Running'`,
  ];
  return {
    query: conditions.filter(Boolean).join(' AND '),
    partnerBusinessId: partnerBusinessId ?? null,
    exactly: {
      ...(typeof customerId === 'string' && { CustomerId: customerId }),
      ...(typeof problem === 'string' && { Problem: problem }),
    },
  };
}

/** Also what alerts of the stock count. Whoever holds a reservation or a claim stands in `CustomerId`; a reported claim does not. */
export const freeNumbers = `ExecutionStatus = 'Running' AND NumberState = 'Verified' AND CustomerId IS NULL AND (Problem IS NULL OR Problem != 'NotInPool')`;

/**
 * Temporal's list language (server 1.29; no public issue is known) never matches a text with a quotation mark, backslash or
 * control character in it: it is looked for by what stands before that.
 */
export function is(attribute: keyof AttributeValues, value: string): string {
  const [plain = ''] = value.split(/["\\\p{Cc}]/u, 1);
  return plain === value ? `${attribute} = ${quoted(value)}` : `${attribute} STARTS_WITH ${quoted(plain)}`;
}

const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;
