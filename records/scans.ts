import { randomUUID } from 'node:crypto';
import type { Records } from './records';

/** The moment up to which every run that closed is in the records, in epoch milliseconds; `null` before the first search. */
export async function keptUntil(records: Records): Promise<number | null> {
  const last = await records.use((db) =>
    db
      .selectFrom('scans')
      .select(({ fn }) => fn.max('until').as('until'))
      .where('namespace', '=', records.namespace)
      .executeTakeFirst(),
  );
  return last?.until ? Date.parse(last.until) : null;
}

/** A search for the runs that closed before `until` has come to its end. */
export async function endScan(records: Records, until: number): Promise<void> {
  const row = {
    namespace: records.namespace,
    id: randomUUID(),
    at: new Date().toISOString(),
    until: new Date(until).toISOString(),
  };
  await records.write((tx) => tx.insertInto('scans').values(row).execute());
}

/** @throws {RecordsError} where they cannot be written; leaves nothing behind */
export async function checkWritable(records: Records): Promise<void> {
  const undone = new Error('undone');
  const row = { namespace: records.namespace, id: randomUUID(), at: '', until: '' };
  await records
    .write(async (tx) => {
      await tx.insertInto('scans').values(row).execute();
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
}

export interface Verification {
  at: string;
  entries: number;
  faults: number;
}

export async function noteVerification(records: Records, entries: number, faults: number): Promise<void> {
  const row = {
    namespace: records.namespace,
    id: randomUUID(),
    at: new Date().toISOString(),
    entries,
    faults,
  };
  await records.write((tx) => tx.insertInto('verifications').values(row).execute());
}

export async function lastVerification(records: Records): Promise<Verification | null> {
  const last = await records.use((db) =>
    db
      .selectFrom('verifications')
      .select(['at', 'entries', 'faults'])
      .where('namespace', '=', records.namespace)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );
  return last ?? null;
}
