import type { Holding } from '../contract/holding';
import type { NumberState } from '../contract/number-record';
import { canonicalDigits, writtenForms } from '../contract/phone-number';
import type { Records } from './records';
import type { HoldingRow, ReleaseRow } from './schema';

/** By what holdings are looked for: digits of a number, a WABA ID or our ID of a customer. */
export type Subject = Partial<Record<'phoneNumber' | 'wabaId' | 'customerId', string>>;

/** Who had which number by an ended life or by coming back with it, oldest first: what any of the conditions names. */
export const findHoldings = (records: Records, subject: Subject): Promise<Holding[]> =>
  records.use((db) => findHoldingsIn(db, records.namespace, subject));

/** The same within a transaction. */
export const findHoldingsIn = async (db: Reader, namespace: string, subject: Subject): Promise<Holding[]> =>
  (await endedRows(db, namespace, subject)).map(({ row, end }) => holding(row, end?.at ?? null));

/** What a WABA held or holds, oldest first; `left`: its customer left with the number, and nobody has had it since. */
export const heldBy = (records: Records, wabaId: string): Promise<(Holding & { left: boolean })[]> =>
  records.use((db) => heldByIn(db, records.namespace, wabaId));

/** The same within a transaction. */
export const heldByIn = async (
  db: Reader,
  namespace: string,
  wabaId: string,
): Promise<(Holding & { left: boolean })[]> =>
  (await endedRows(db, namespace, { wabaId })).map(({ row, end }) => ({
    ...holding(row, end?.at ?? null),
    left: end?.left ?? false,
  }));

/** Who has the number now, as far as records know; `null` for nobody. */
export async function holderOf(records: Records, phoneNumber: string): Promise<Holding | null> {
  const holdings = await findHoldings(records, { phoneNumber });
  return holdings.findLast(({ to }) => to === null) ?? null;
}

type Reader = Pick<Records['db'], 'selectFrom'>;

/** How a holding ended. */
interface End {
  at: string;
  /** Its customer left, and nobody has had the number since. */
  left: boolean;
}

/** How many numbers are asked for at once: databases limit the parameters of a statement. */
const PART = 500;

/** Rows of holdings, oldest first, each with its end; `null` for one that lasts. */
async function endedRows(
  db: Reader,
  namespace: string,
  { phoneNumber, wabaId, customerId }: Subject,
): Promise<{ row: HoldingRow; end: End | null }[]> {
  // What is written meanwhile must not end a holding whose successor was not read.
  const { head } = await db
    .selectFrom('entries')
    .select((eb) => eb.fn.max('seq').as('head'))
    .where('namespace', '=', namespace)
    .executeTakeFirstOrThrow();
  const within = (column: 'phone_number' | 'waba_id' | 'customer_id', values: readonly string[]) =>
    db
      .selectFrom('holdings')
      .selectAll()
      .where('namespace', '=', namespace)
      .where('seq', '<=', head)
      .where(column, 'in', values)
      .execute();
  // Each by its own index: where conditions are joined by OR, SQLite reads all holdings.
  const asked = [
    ...(phoneNumber === undefined ? [] : await within('phone_number', [...writtenForms(phoneNumber)])),
    ...(wabaId === undefined ? [] : await within('waba_id', [wabaId])),
    ...(customerId === undefined ? [] : await within('customer_id', [customerId])),
  ];
  const rows = [...new Map(asked.map((row) => [row.seq, row])).values()];
  const forms = [...new Set(rows.flatMap((row) => writtenForms(row.phone_number)))];
  const holdings: HoldingRow[] = [];
  const releases: ReleaseRow[] = [];
  for (let from = 0; from < forms.length; from += PART) {
    const part = forms.slice(from, from + PART);
    holdings.push(...(await within('phone_number', part)));
    const given = db.selectFrom('releases').selectAll().where('namespace', '=', namespace);
    releases.push(...(await given.where('seq', '<=', head).where('phone_number', 'in', part).execute()));
  }
  const [holdingsOf, releasesOf] = [byNumber(holdings), byNumber(releases)];
  return rows.sort(inTime).map((row) => ({ row, end: endOf(row, holdingsOf(row), releasesOf(row)) }));
}

const inTime = (one: HoldingRow, other: HoldingRow) =>
  one.since.localeCompare(other.since) || one.seq - other.seq;

/**
 * A holding lasts until somebody said that the number was given back, or the number has begun a new life: the first thing of
 * either kind that came after it.
 */
function endOf(
  row: HoldingRow,
  holdings: readonly HoldingRow[],
  releases: readonly ReleaseRow[],
): End | null {
  const later = holdings.filter((other) => inTime(row, other) < 0).sort(inTime)[0];
  const release = releases.filter(({ seq }) => seq > row.seq).sort((one, other) => one.seq - other.seq)[0];
  const [at] = [later?.since, release?.at].filter((end) => end !== undefined).sort();
  if (at === undefined) return null;
  return { at, left: !later && release?.waba_id === row.waba_id };
}

/** What was written in any form of the number that a row is about. */
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
