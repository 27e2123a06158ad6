import type { Holding } from '../contract/holding';
import type { NumberState } from '../contract/number-record';
import { canonicalDigits, writtenForms } from '../contract/phone-number';
import type { Records } from './records';
import type { HoldingRow, ReleaseRow } from './schema';

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
  const rows = new Map<number, HoldingRow>();
  // Each by its own index: where conditions are joined by OR, SQLite reads all holdings.
  for (const [column, values] of conditions) {
    if (values.length === 0) continue;
    const found = await db
      .selectFrom('holdings')
      .selectAll()
      .where('namespace', '=', namespace)
      .where(column, 'in', values)
      .execute();
    for (const row of found) rows.set(row.seq, row);
  }
  const endOf = await endings(db, namespace, [...rows.values()]);
  return [...rows.values()]
    .sort((one, other) => one.since.localeCompare(other.since))
    .map((row) => holding(row, endOf(row)));
}

/** Who has the number now, as far as records know; `null` for nobody. */
export async function holderOf(records: Records, phoneNumber: string): Promise<Holding | null> {
  const holdings = await findHoldings(records, { phoneNumber });
  return holdings.findLast(({ to }) => to === null) ?? null;
}

/** How many numbers are asked for at once: databases limit the parameters of a statement. */
const PART = 500;

/**
 * A holding lasts until somebody said that the number was given back, or the number has begun a new life: the first thing of
 * either kind that came after it. Each may have been written in another form of the number.
 */
async function endings(
  db: Pick<Records['db'], 'selectFrom'>,
  namespace: string,
  rows: readonly HoldingRow[],
): Promise<(row: HoldingRow) => string | null> {
  const forms = [...new Set(rows.flatMap((row) => writtenForms(row.phone_number)))];
  const released: Pick<ReleaseRow, 'phone_number' | 'seq' | 'at'>[] = [];
  const held: Pick<HoldingRow, 'phone_number' | 'since'>[] = [];
  for (let from = 0; from < forms.length; from += PART) {
    const part = forms.slice(from, from + PART);
    const releases = db.selectFrom('releases').select(['phone_number', 'seq', 'at']);
    const holdings = db.selectFrom('holdings').select(['phone_number', 'since']);
    released.push(
      ...(await releases.where('namespace', '=', namespace).where('phone_number', 'in', part).execute()),
    );
    held.push(
      ...(await holdings.where('namespace', '=', namespace).where('phone_number', 'in', part).execute()),
    );
  }
  const [releasesOf, holdingsOf] = [byNumber(released), byNumber(held)];
  return (row) => {
    const release = releasesOf(row)
      .filter(({ seq }) => seq > row.seq)
      .sort((one, other) => one.seq - other.seq)[0];
    const followed = holdingsOf(row)
      .map(({ since }) => since)
      .filter((since) => since > row.since);
    return [...followed, ...(release ? [release.at] : [])].sort()[0] ?? null;
  };
}

function byNumber<Row extends { phone_number: string }>(rows: readonly Row[]) {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const number = canonicalDigits(row.phone_number);
    groups.set(number, [...(groups.get(number) ?? []), row]);
  }
  return ({ phone_number }: HoldingRow): readonly Row[] => groups.get(canonicalDigits(phone_number)) ?? [];
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
