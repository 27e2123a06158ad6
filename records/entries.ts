import { gunzipSync } from 'node:zlib';
import { workflowIdOf } from '../contract/workflow-ids';
import { writtenForms } from '../contract/phone-number';
import type { EntryHeader, RunEntry } from './chain';
import type { Records } from './records';
import type { EntryRow } from './schema';

/** An entry as it is stored: what it says of itself may not be true before it is verified. */
export interface StoredEntry {
  seq: number;
  hash: string;
  header: string;
  columns: Pick<EntryRow, 'prev' | 'run_id' | 'workflow_id' | 'started_at'>;
  history: Uint8Array | null;
  record: Uint8Array | null;
}

/** SQLite's driver gives bytes as an ArrayBuffer, PostgreSQL's as a Buffer. */
const bytes = (stored: Uint8Array | ArrayBuffer | null): Uint8Array | null =>
  stored === null ? null : stored instanceof ArrayBuffer ? new Uint8Array(stored) : stored;

/** The largest that the column holds. */
const LAST = 2 ** 31 - 1;

/** The entries after `after` until `until`, a part at a time: a chain may be larger than memory. */
export async function* readEntries(
  records: Records,
  after = 0,
  until = LAST,
): AsyncGenerator<StoredEntry, void, undefined> {
  for (let last = after; ;) {
    const part = await entriesIn(records, last, until);
    yield* part;
    const end = part.at(-1);
    if (!end) return;
    last = end.seq;
  }
}

/** The first hundred of these. */
export async function entriesIn(records: Records, after: number, until: number): Promise<StoredEntry[]> {
  const rows = await records.use((db) =>
    db
      .selectFrom('entries')
      .selectAll()
      .where('namespace', '=', records.namespace)
      .where('seq', '>', after)
      .where('seq', '<=', until)
      .orderBy('seq')
      .limit(100)
      .execute(),
  );
  return rows.map(stored);
}

const stored = ({ seq, hash, header, history, record, ...columns }: EntryRow): StoredEntry => ({
  seq,
  hash,
  header,
  columns,
  history: bytes(history),
  record: bytes(record),
});

/** A run in the records. */
export interface KeptRun {
  entry: EntryHeader & RunEntry;
  /** Temporal's protobuf `History`. */
  history: Uint8Array;
  record: Uint8Array;
}

/** Every run of a number that records have, of all its lives and written forms, oldest first. */
export async function keptRunsOf(records: Records, digits: string): Promise<KeptRun[]> {
  return keptRuns(records, writtenForms(digits).map(workflowIdOf));
}

/** Every run of these workflows that records have, oldest first. */
export async function keptRuns(records: Records, workflowIds: readonly string[]): Promise<KeptRun[]> {
  const rows = await records.use((db) =>
    db
      .selectFrom('entries')
      .select(['header', 'history', 'record'])
      .where('namespace', '=', records.namespace)
      .where('workflow_id', 'in', workflowIds)
      .orderBy('started_at')
      .orderBy('seq')
      .execute(),
  );
  return rows.map(({ header, history, record }) => ({
    entry: JSON.parse(header) as EntryHeader & RunEntry,
    history: opened(bytes(history) ?? new Uint8Array()),
    record: bytes(record) ?? new Uint8Array(),
  }));
}

/** Far above what Temporal lets a history grow to (50 MB). */
const LARGEST_HISTORY = 256 * 1024 * 1024;

/** The protobuf `History` in the bytes of an entry. @throws Error where they are none, or would fill the memory */
export const opened = (history: Uint8Array): Uint8Array =>
  gunzipSync(history, { maxOutputLength: LARGEST_HISTORY });

/** What follows the prefix in the IDs of workflows that records have a run of: digits of numbers, or WABA IDs of customers. */
export async function keptIds(records: Records, prefix: string): Promise<string[]> {
  const rows = await records.use((db) =>
    db
      .selectFrom('entries')
      .select('workflow_id')
      .distinct()
      .where('namespace', '=', records.namespace)
      .where('workflow_id', 'like', `${prefix}%`)
      .execute(),
  );
  return rows.map(({ workflow_id }) => String(workflow_id).slice(prefix.length));
}
