import type { Transaction } from 'kysely';
import {
  endsHolding,
  headerOf,
  NO_ENTRY,
  sha256,
  type EntryBody,
  type EntryHeader,
  type ReleaseEntry,
  type ReturnEntry,
  type RunEntry,
} from './chain';
import type { Holding } from '../contract/holding';
import { sameNumber } from '../contract/phone-number';
import { findHoldingsIn, heldByIn } from './holdings';
import type { Records } from './records';
import type { Tables } from './schema';

/** A closed run, as it is to be kept. */
export interface ClosedRun {
  run: Omit<RunEntry, 'kind' | 'historySha256' | 'recordSha256'>;
  history: Uint8Array;
  record: Uint8Array;
}

/** The end of the chain; `seq` 0 where it has no entry yet. */
export interface Head {
  seq: number;
  hash: string;
}

export async function headOf(records: Pick<Records, 'namespace'>, db: Records['db']): Promise<Head> {
  const head = await db
    .selectFrom('entries')
    .select(['seq', 'hash'])
    .where('namespace', '=', records.namespace)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return head ?? { seq: 0, hash: NO_ENTRY };
}

/** Which of these runs are in the records. */
export async function knownRuns(
  records: Records,
  runIds: readonly string[],
  db = records.db,
): Promise<Set<string>> {
  if (runIds.length === 0) return new Set();
  const found = await db
    .selectFrom('entries')
    .select('run_id')
    .where('namespace', '=', records.namespace)
    .where('run_id', 'in', runIds)
    .execute();
  return new Set(found.map(({ run_id }) => String(run_id)));
}

/**
 * Puts closed runs at the end of the chain, all or none; those that are in it already are left as they are.
 *
 * @returns how many were put there
 */
export function appendRuns(records: Records, runs: readonly ClosedRun[]): Promise<number> {
  return records.write(async (tx) => {
    const known = await knownRuns(
      records,
      runs.map(({ run }) => run.runId),
      tx,
    );
    const fresh = runs.filter(({ run }) => !known.has(run.runId));
    await append(
      records,
      tx,
      fresh.map(({ run, history, record }) => ({
        body: { kind: 'run', ...run, historySha256: sha256(history), recordSha256: sha256(record) },
        ...{ history, record },
      })),
    );
    return fresh.length;
  });
}

/** Puts on record that a customer has given a number back, so that it can be added again. */
export async function appendRelease(records: Records, release: Omit<ReleaseEntry, 'kind'>): Promise<void> {
  const body: ReleaseEntry = { kind: 'release', ...release };
  await records.write((tx) => append(records, tx, [withoutRun(body)]));
}

/**
 * Puts on record that this holding has ended: its number was given back. Whoever does the same at once, or again, finds
 * nothing left to end.
 */
export async function releaseHeld(
  records: Records,
  { phoneNumber, wabaId, from }: Pick<Holding, 'phoneNumber' | 'wabaId' | 'from'>,
  why: Pick<ReleaseEntry, 'reason' | 'by'>,
): Promise<void> {
  await records.write(async (tx) => {
    const holdings = await findHoldingsIn(tx, records.namespace, { phoneNumber });
    const lasts = holdings.some((one) => one.wabaId === wabaId && one.from === from && one.to === null);
    if (lasts) await append(records, tx, [withoutRun({ kind: 'release', phoneNumber, ...why })]);
  });
}

/**
 * Puts on record that a WABA holds none of our numbers any more. Whoever does the same at once, or again, finds nothing
 * left to close.
 *
 * @param closes which of its holdings; all of them by default
 * @returns the digits of those that it had held
 */
export function releaseAllOf(
  records: Records,
  wabaId: string,
  why: Pick<ReleaseEntry, 'reason' | 'by'>,
  closes: (holding: Holding) => boolean = () => true,
): Promise<string[]> {
  return records.write(async (tx) => {
    const holdings = await findHoldingsIn(tx, records.namespace, { wabaId });
    const held = holdings
      .filter((one) => one.to === null && closes(one))
      .map(({ phoneNumber }) => phoneNumber);
    const added = held.map((phoneNumber) => withoutRun({ kind: 'release', phoneNumber, wabaId, ...why }));
    await append(records, tx, added);
    return held;
  });
}

/**
 * Puts on record that a WABA holds again those of these numbers that its customer left with, and that nobody has had since.
 * Whoever does the same at once, or again, finds nothing left to do.
 *
 * @param customerId `null`: the one that the customer had when they left
 * @returns the digits of those that it holds again
 */
export function returnTo(
  records: Records,
  wabaId: string,
  numbers: readonly { phoneNumber: string; phoneNumberId: string }[],
  { customerId, ...why }: Pick<ReturnEntry, 'customerId' | 'reason' | 'by'>,
): Promise<string[]> {
  return records.write(async (tx) => {
    const held = await heldByIn(tx, records.namespace, wabaId);
    const returned = held.flatMap(({ phoneNumber, customerId: before, state, left }): ReturnEntry[] => {
      const onWaba = numbers.find((one) => sameNumber(one.phoneNumber, phoneNumber));
      if (!left || !onWaba) return [];
      const what = { phoneNumber, wabaId, phoneNumberId: onWaba.phoneNumberId };
      return [{ kind: 'return', ...what, customerId: customerId ?? before, state, ...why }];
    });
    await append(records, tx, returned.map(withoutRun));
    return returned.map(({ phoneNumber }) => phoneNumber);
  });
}

interface NewEntry extends Pick<Tables['entries'], 'history' | 'record'> {
  body: EntryBody;
}

const withoutRun = (body: EntryBody): NewEntry => ({ body, history: null, record: null });

/** One statement for each table: on PostgreSQL each costs a round trip. */
async function append(records: Records, tx: Transaction<Tables>, added: readonly NewEntry[]): Promise<void> {
  const { namespace, id: chain } = records;
  let head = await headOf(records, tx);
  const recordedAt = new Date().toISOString();
  const headers: EntryHeader[] = [];
  const entries = added.map(({ body, history, record }): Tables['entries'] => {
    const prev = head.hash;
    const seq = head.seq + 1;
    const place = { chain, seq, prev, recordedAt };
    const { header, hash } = headerOf(place, body);
    head = { seq, hash };
    headers.push({ ...place, ...body });
    const run = body.kind === 'run' ? body : null;
    return {
      ...{ namespace, seq, hash, prev, header, history, record },
      run_id: run?.runId ?? null,
      workflow_id: run?.workflowId ?? null,
      started_at: run?.startedAt ?? null,
    };
  });
  const holdings = headers.map((entry) => holdingOf(namespace, entry)).filter((row) => row !== null);
  const releases = headers.map((entry) => releaseOf(namespace, entry)).filter((row) => row !== null);
  if (entries.length > 0) await tx.insertInto('entries').values(entries).execute();
  if (holdings.length > 0) await tx.insertInto('holdings').values(holdings).execute();
  if (releases.length > 0) await tx.insertInto('releases').values(releases).execute();
}

/** The row that follows from an entry, `null` where none does. */
export function holdingOf(namespace: string, entry: EntryHeader): Tables['holdings'] | null {
  if (entry.kind === 'return') {
    return {
      namespace,
      seq: entry.seq,
      phone_number: entry.phoneNumber,
      waba_id: entry.wabaId,
      phone_number_id: entry.phoneNumberId,
      customer_id: storable(entry.customerId),
      since: entry.recordedAt,
      state: entry.state,
      source: 'return',
    };
  }
  if (!endsHolding(entry) || !entry.facts.claim) return null;
  const { phoneNumber, claim, state } = entry.facts;
  return {
    namespace,
    seq: entry.seq,
    phone_number: phoneNumber,
    waba_id: claim.wabaId,
    phone_number_id: claim.phoneNumberId,
    customer_id: storable(claim.customerId),
    since: claim.claimedAt,
    state: state ?? 'Claimed',
    source: storable(claim.source),
  };
}

/** Without what one of the databases cannot hold in a text: half of a pair of UTF-16, and NUL. */
const storable = <Text extends string | null>(text: Text) =>
  (text?.replace(/[\0\p{Cs}]/gu, '\ufffd') ?? null) as Text;

export const releaseOf = (namespace: string, entry: EntryHeader): Tables['releases'] | null =>
  entry.kind === 'release'
    ? {
        namespace,
        seq: entry.seq,
        phone_number: entry.phoneNumber,
        waba_id: entry.wabaId ?? null,
        at: entry.recordedAt,
      }
    : null;
