import { gunzipSync } from 'node:zlib';
import { readHeader, type EntryHeader, type RunEntry } from './chain';
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
export interface KeptRun<Events> {
  seq: number;
  entry: EntryHeader & RunEntry;
  events: Events;
  record: Uint8Array;
}

/** An entry of a run that cannot be read: somebody has changed it. */
export interface DamagedEntry {
  /** A name of its own where not even that of the run is there. */
  runId: string;
  /** ISO 8601, UTC, as its column says. */
  startedAt: string;
  /** What can be read of it; `null` for nothing. */
  entry: (EntryHeader & RunEntry) | null;
  /** A sentence for people, without its full stop. */
  what: string;
}

export interface KeptRuns<Events> {
  runs: KeptRun<Events>[];
  damaged: DamagedEntry[];
}

/**
 * Every run of these workflows that records have, oldest first. One that cannot be read hides no other.
 *
 * @param eventsOf reads Temporal's protobuf `History`
 */
export async function keptRuns<Events>(
  records: Records,
  workflowIds: readonly string[],
  eventsOf: (history: Uint8Array) => Events,
): Promise<KeptRuns<Events>> {
  const rows = await records.use((db) =>
    db
      .selectFrom('entries')
      .select(['seq', 'run_id', 'started_at', 'header', 'history', 'record'])
      .where('namespace', '=', records.namespace)
      .where('workflow_id', 'in', workflowIds)
      .orderBy('started_at')
      .orderBy('seq')
      .execute(),
  );
  const kept: KeptRuns<Events> = { runs: [], damaged: [] };
  for (const { seq, run_id, started_at, header, history, record } of rows) {
    const said = readHeader(header);
    const entry = said?.kind === 'run' ? said : null;
    try {
      if (entry === null) throw new Error('its text is not that of a run');
      const events = eventsOf(opened(bytes(history) ?? new Uint8Array()));
      kept.runs.push({ seq, entry, events, record: bytes(record) ?? new Uint8Array() });
    } catch (error) {
      const what = unreadableEntry(seq, (error as Error).message);
      const runId = run_id ?? `of entry ${String(seq)}`;
      // That column may be no time either.
      const startedAt = new Date(Date.parse(started_at ?? '') || 0).toISOString();
      kept.damaged.push({ runId, startedAt, entry, what });
    }
  }
  return kept;
}

export const unreadableEntry = (seq: number, why: string) =>
  `entry ${String(seq)} of the records cannot be read: ${why} ("preverified records verify" says what was changed)`;

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
