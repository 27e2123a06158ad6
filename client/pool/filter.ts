import * as v from 'valibot';
import { PortfolioId, WabaId } from '../../workflows/ids';
import { describeIssue, Duration } from '../../workflows/messages';
import { numberStates } from '../../workflows/record';
import { RefusedError } from './refused-error';

const text = v.pipe(
  v.string(),
  v.nonEmpty('must not be empty'),
  v.maxLength(200, 'must be at most 200 characters'),
);
const State = v.picklist(numberStates, `state must be one of ${numberStates.join(', ')}`);

const Filter = v.strictObject({
  /** One state, or any of several. */
  state: v.optional(v.union([State, v.array(State)], State.message)),
  /** Verified numbers whose verification ends within this time, such as `"10 days"`; those that are late too. */
  expiringWithin: v.optional(Duration),
  waba: v.optional(WabaId),
  /** The customer who claimed it or holds its reservation. */
  customer: v.optional(text),
  /** ISO 3166 alpha-2. */
  country: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Z]{2}$/, 'country must be two capital letters such as "DE"')),
  ),
  /** `true` for any problem, `false` for none, or the problem's code. */
  problem: v.optional(v.union([v.boolean(), text])),
  portfolio: v.optional(PortfolioId),
});

/** What `list` gives; conditions add up, none gives all. */
export type NumberFilter = v.InferInput<typeof Filter>;

/**
 * The filter in Temporal's list language. Only runs that are or were a number's life: continued, failed and terminated
 * ones are left out.
 *
 * @param now epoch milliseconds
 * @throws {RefusedError} `InvalidMessage`
 */
export function visibilityQuery(filter: NumberFilter, now: number): string {
  const read = v.safeParse(Filter, filter);
  if (!read.success) {
    throw new RefusedError(
      'InvalidMessage',
      `The numbers were not listed: ${describeIssue(read.issues[0])}.`,
      '',
    );
  }
  const { state, expiringWithin, waba, customer, country, problem, portfolio } = read.output;
  const states = state ?? (expiringWithin === undefined ? undefined : 'Verified');
  return [
    `WorkflowType = 'numberLifecycle'`,
    `ExecutionStatus IN ('Running', 'Completed')`,
    states && `NumberState IN (${[states].flat().map(quoted).join(', ')})`,
    expiringWithin && `VerificationExpiresAt <= ${quoted(new Date(now + expiringWithin).toISOString())}`,
    waba && `WabaId = ${quoted(waba)}`,
    customer && `CustomerId = ${quoted(customer)}`,
    country && `Country = ${quoted(country)}`,
    problem === true && 'Problem IS NOT NULL',
    problem === false && 'Problem IS NULL',
    typeof problem === 'string' && `Problem = ${quoted(problem)}`,
    portfolio && `PortfolioId = ${quoted(portfolio)}`,
  ]
    .filter(Boolean)
    .join(' AND ');
}

/** A string in Temporal's list language, whatever it holds. */
const quoted = (value: string) => `'${value.replace(/[\\']/g, '\\$&')}'`;
