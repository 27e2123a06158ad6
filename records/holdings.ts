import type { Holding } from '../contract/holding';
import type { NumberState } from '../contract/number-record';
import { writtenForms } from '../contract/phone-number';
import type { Records } from './records';
import type { HoldingRow } from './schema';

/** By what holdings are looked for: digits of a number, a WABA ID or our ID of a customer. */
export type Subject = Partial<Record<'phoneNumber' | 'wabaId' | 'customerId', string>>;

/** Holdings of ended lives, oldest first: those that any of the conditions names. */
export async function findHoldings(
  records: Records,
  { phoneNumber, wabaId, customerId }: Subject,
): Promise<Holding[]> {
  return records.use(async (db) => {
    const forms = phoneNumber === undefined ? [] : [...writtenForms(phoneNumber)];
    const rows = await db
      .selectFrom('holdings')
      .selectAll()
      .where('namespace', '=', records.namespace)
      .where((eb) =>
        eb.or([
          ...(forms.length > 0 ? [eb('phone_number', 'in', forms)] : []),
          ...(wabaId === undefined ? [] : [eb('waba_id', '=', wabaId)]),
          ...(customerId === undefined ? [] : [eb('customer_id', '=', customerId)]),
        ]),
      )
      .orderBy('since')
      .execute();
    return Promise.all(rows.map(async (row) => holding(row, await endOf(records, row))));
  });
}

/** Who has the number now, as far as records know; `null` for nobody. */
export async function holderOf(records: Records, phoneNumber: string): Promise<Holding | null> {
  const holdings = await findHoldings(records, { phoneNumber });
  return holdings.findLast(({ to }) => to === null) ?? null;
}

/** A holding lasts until somebody said that the number was given back, or the number has begun a new life. */
async function endOf(
  { namespace, db }: Records,
  { phone_number, seq, since }: HoldingRow,
): Promise<string | null> {
  const release = await db
    .selectFrom('releases')
    .select('at')
    .where('namespace', '=', namespace)
    .where('phone_number', '=', phone_number)
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  const life = await db
    .selectFrom('holdings')
    .select('since')
    .where('namespace', '=', namespace)
    .where('phone_number', '=', phone_number)
    .where('since', '>', since)
    .orderBy('since')
    .limit(1)
    .executeTakeFirst();
  return release?.at ?? life?.since ?? null;
}

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
