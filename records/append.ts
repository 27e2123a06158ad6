import type { Transaction } from 'kysely';
import {
  endsHolding,
  headerOf,
  NO_ENTRY,
  sha256,
  type EntryHeader,
  type ReleaseEntry,
  type RunEntry,
} from './chain';
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
    let head = await headOf(records, tx);
    for (const { run, history, record } of fresh) {
      const body = {
        kind: 'run' as const,
        ...run,
        historySha256: sha256(history),
        recordSha256: sha256(record),
      };
      head = await append(records, tx, head, body, { history, record });
    }
    return fresh.length;
  });
}

/** Puts on record that a customer has given a number back, so that it can be added again. */
export async function appendRelease(records: Records, release: Omit<ReleaseEntry, 'kind'>): Promise<void> {
  await records.write(async (tx) =>
    append(records, tx, await headOf(records, tx), { kind: 'release', ...release }),
  );
}

async function append(
  { namespace, id }: Records,
  tx: Transaction<Tables>,
  head: Head,
  body: RunEntry | ReleaseEntry,
  { history = null, record = null }: Partial<Record<'history' | 'record', Uint8Array | null>> = {},
): Promise<Head> {
  const seq = head.seq + 1;
  const recordedAt = new Date().toISOString();
  const { header, hash } = headerOf({ chain: id, seq, prev: head.hash, recordedAt }, body);
  const run = body.kind === 'run' ? body : null;
  await tx
    .insertInto('entries')
    .values({
      ...{ namespace, seq, hash, prev: head.hash, header, history, record },
      run_id: run?.runId ?? null,
      workflow_id: run?.workflowId ?? null,
      started_at: run?.startedAt ?? null,
    })
    .execute();
  const entry = JSON.parse(header) as EntryHeader;
  const holding = holdingOf(namespace, entry);
  if (holding) await tx.insertInto('holdings').values(holding).execute();
  const release = releaseOf(namespace, entry);
  if (release) await tx.insertInto('releases').values(release).execute();
  return { seq, hash };
}

/** The row that follows from an entry, `null` where none does. */
export function holdingOf(namespace: string, entry: EntryHeader): Tables['holdings'] | null {
  if (!endsHolding(entry) || !entry.facts.claim) return null;
  const { phoneNumber, claim, state } = entry.facts;
  return {
    namespace,
    seq: entry.seq,
    phone_number: phoneNumber,
    waba_id: claim.wabaId,
    phone_number_id: claim.phoneNumberId,
    customer_id: claim.customerId,
    since: claim.claimedAt,
    state: state ?? 'Claimed',
    source: claim.source,
  };
}

export const releaseOf = (namespace: string, entry: EntryHeader): Tables['releases'] | null =>
  entry.kind === 'release'
    ? { namespace, seq: entry.seq, phone_number: entry.phoneNumber, at: entry.recordedAt }
    : null;
