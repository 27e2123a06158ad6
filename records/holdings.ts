import type { ExpressionBuilder } from 'kysely';
import type { Holding } from '../contract/holding';
import type { NumberState } from '../contract/number-record';
import { writtenForms } from '../contract/phone-number';
import type { Records } from './records';
import type { HoldingRow, Tables } from './schema';

/** By what holdings are looked for: digits of a number, a WABA ID or our ID of a customer. */
export type Subject = Partial<Record<'phoneNumber' | 'wabaId' | 'customerId', string>>;

/** Holdings of ended lives, oldest first: those that any of the conditions names. */
export const findHoldings = (records: Records, subject: Subject): Promise<Holding[]> =>
  records.use((db) => findHoldingsIn(db, records.namespace, subject));

/** The same within a transaction. */
export async function findHoldingsIn(
  db: Pick<Records['db'], 'selectFrom'>,
  namespace: string,
  { phoneNumber, wabaId, customerId }: Subject,
): Promise<Holding[]> {
  const given = (value: string | undefined) => (value === undefined ? [] : [value]);
  const conditions = [
    ['phone_number', phoneNumber === undefined ? [] : [...writtenForms(phoneNumber)]],
    ['waba_id', given(wabaId)],
    ['customer_id', given(customerId)],
  ] as const;
  const rows = new Map<number, HoldingRow & { released: string | null; followed: string | null }>();
  // Each by its own index: where conditions are joined by OR, SQLite reads all holdings.
  for (const [column, values] of conditions) {
    if (values.length === 0) continue;
    const found = await db
      .selectFrom('holdings')
      .selectAll()
      .select(endings)
      .where('namespace', '=', namespace)
      .where(column, 'in', values)
      .execute();
    for (const row of found) rows.set(row.seq, row);
  }
  return [...rows.values()]
    .sort((one, other) => one.since.localeCompare(other.since))
    .map((row) => holding(row, [row.released, row.followed].filter((end) => end !== null).sort()[0] ?? null));
}

/** Who has the number now, as far as records know; `null` for nobody. */
export async function holderOf(records: Records, phoneNumber: string): Promise<Holding | null> {
  const holdings = await findHoldings(records, { phoneNumber });
  return holdings.findLast(({ to }) => to === null) ?? null;
}

/**
 * A holding lasts until somebody said that the number was given back, or the number has begun a new life: the first thing
 * of either kind that came after it.
 */
const endings = (eb: ExpressionBuilder<Tables, 'holdings'>) =>
  [
    eb
      .selectFrom('releases')
      .select('releases.at')
      .whereRef('releases.namespace', '=', 'holdings.namespace')
      .whereRef('releases.phone_number', '=', 'holdings.phone_number')
      .whereRef('releases.seq', '>', 'holdings.seq')
      .orderBy('releases.seq')
      .limit(1)
      .as('released'),
    eb
      .selectFrom('holdings as later')
      .select('later.since')
      .whereRef('later.namespace', '=', 'holdings.namespace')
      .whereRef('later.phone_number', '=', 'holdings.phone_number')
      .whereRef('later.since', '>', 'holdings.since')
      .orderBy('later.since')
      .limit(1)
      .as('followed'),
  ] as const;

const holding = (row: HoldingRow, to: string | null): Holding => ({
  phoneNumber: row.phone_number,
  wabaId: row.waba_id,
  phoneNumberId: row.phone_number_id,
  customerId: row.customer_id,
  from: row.since,
  to,
  state: row.state as NumberState,
  source: row.source,
});
