import { isDeepStrictEqual } from 'node:util';
import type { SigningKey } from '../settings/signing-keys';
import { headOf, holdingOf, releaseOf } from './append';
import { NO_ENTRY, readHeader, sha256, type EntryHeader, type RunEntry } from './chain';
import {
  readCheckpoint,
  readStoredCheckpoints,
  type Checkpoint,
  type CheckpointBody,
  type StoredCheckpoint,
} from './checkpoints';
import { entriesIn, readEntries, type StoredEntry } from './entries';
import type { Records } from './records';

/** Something in the records is not as it was written. */
export interface Fault {
  /** `null` for what concerns no entry. */
  seq: number | null;
  runId: string | null;
  what: string;
  /** Of a checkpoint that could not be verified: the ID of the key that it names and that the reader lacks. */
  lacksKey?: string;
  /** The entry is as it was written; what its history says is not what the chart says. */
  disagrees?: true;
}

export interface Verified {
  entries: number;
  checkpoints: number;
  /** How many histories could not be played, by the ID of the payload key that the reader lacks. */
  unplayed: Record<string, number>;
  ok: boolean;
  faults: Fault[];
}

/** What came of playing the history of an entry again. */
export interface Replayed {
  disagrees: string[];
  /** The ID of the payload key without which it could not be played. */
  lacksKey: string | null;
}

export interface VerifyOptions {
  keys: readonly SigningKey[];
  /** A checkpoint that was kept elsewhere: it must fit too. */
  anchors?: readonly Checkpoint[];
  /** Begins at the entry of this checkpoint's `seq`: its signature stands for what comes before. */
  from?: number;
  /** Plays the history of an entry, whose bytes are as they were written, again. */
  replay?: (entry: EntryHeader & RunEntry, stored: StoredEntry) => Promise<Replayed>;
  onEntry?: (seq: number) => void;
}

const NOT_SIGNED = 'it is not the entry that the checkpoint of it was signed for';

/**
 * Walks the chain as it is now and finds every entry that is changed, removed, put in or out of order, every checkpoint that
 * does not fit, and every row that does not follow from the entries. What is appended meanwhile is left for the next time.
 *
 * @throws Error where there is no valid checkpoint to begin at, or an anchor is of an entry before that
 */
export async function verifyChain(
  records: Records,
  { keys, anchors = [], from = 0, replay, onEntry = () => undefined }: VerifyOptions,
): Promise<Verified> {
  const faults: Fault[] = [];
  const early = anchors.map(seqIn).find((seq) => seq !== null && seq < from);
  if (early !== undefined)
    throw new Error(
      `the checkpoint of entry ${String(early)} says nothing of entries from ${String(from)} on`,
    );
  const kept = (await readStoredCheckpoints(records)).filter((one) => !isBefore(one, from));
  const checkpoints = [...kept, ...anchors.map((checkpoint) => ({ checkpoint, columns: null }))];
  const good: CheckpointBody[] = [];
  for (const { checkpoint, columns } of checkpoints) {
    const seq = seqIn(checkpoint) ?? columns?.seq ?? null;
    const find = (what: string, lacking = {}) =>
      faults.push({ seq, runId: null, what: `the checkpoint at entry ${String(seq)}${what}`, ...lacking });
    const one = readCheckpoint(checkpoint, keys);
    if ('fault' in one) {
      const { fault, ...lacking } = one;
      find(`: ${fault}`, lacking);
      continue;
    }
    good.push(one);
    if (one.chain !== records.id) find(' is that of other records');
    else if (columns && (columns.seq !== one.seq || columns.at !== one.at))
      find(': its columns seq and at are not what was signed');
  }
  const begin = from === 0 ? null : good.find(({ seq, chain }) => seq === from && chain === records.id);
  if (begin === undefined)
    throw new Error(`there is no valid checkpoint at entry ${String(from)} to begin at`);

  // The checkpoints were read before: each was signed for an entry that is there now.
  const head = await records.use((db) => headOf(records, db));
  let last = { seq: from, hash: begin?.hash ?? NO_ENTRY };
  const [first] = begin ? await entriesIn(records, from - 1, from) : [];
  if (begin && first?.hash !== begin.hash) {
    const what = first ? NOT_SIGNED : 'it is missing';
    faults.push({ seq: from, runId: null, what });
  }
  const derived = await derivedRows(records, from, head.seq);
  const unplayed: Record<string, number> = {};
  let entries = 0;
  for await (const stored of readEntries(records, from, head.seq)) {
    const { header, found } = readEntry(stored, last, records.id);
    const runId = header?.kind === 'run' ? header.runId : stored.columns.run_id;
    const find = (what: string) => faults.push({ seq: stored.seq, runId, what });
    found.forEach(find);
    for (const { seq, hash } of good) {
      if (seq === stored.seq && hash !== stored.hash) find(NOT_SIGNED);
    }
    if (header) {
      for (const what of derived.compare(header)) find(what);
      if (header.kind === 'run' && found.length === 0 && replay) {
        const { disagrees, lacksKey } = await replay(header, stored);
        for (const what of disagrees) faults.push({ seq: stored.seq, runId, what, disagrees: true });
        if (lacksKey !== null) unplayed[lacksKey] = (unplayed[lacksKey] ?? 0) + 1;
      }
    }
    last = { seq: stored.seq, hash: stored.hash };
    entries++;
    onEntry(stored.seq);
  }
  for (const what of derived.left()) faults.push({ seq: what.seq, runId: null, what: what.what });
  const signed = Math.max(0, ...good.filter(({ chain }) => chain === records.id).map(({ seq }) => seq));
  if (signed > last.seq) {
    const what = `the chain ends at entry ${String(last.seq)}, but a checkpoint was signed for ${String(signed)}: the end was cut off`;
    faults.push({ seq: last.seq + 1, runId: null, what });
  }
  return { entries, checkpoints: checkpoints.length, unplayed, ok: faults.length === 0, faults };
}

/** What an entry says, as far as it can be read, and what is wrong with it. */
function readEntry(
  { seq, hash, header: text, columns, history, record }: StoredEntry,
  last: { seq: number; hash: string },
  chain: string,
): { header: EntryHeader | null; found: string[] } {
  const found: string[] = [];
  if (seq !== last.seq + 1) {
    const missing =
      seq === last.seq + 2 ? String(last.seq + 1) : `${String(last.seq + 1)} to ${String(seq - 1)}`;
    found.push(`before it, entry ${missing} is missing`);
  }
  if (sha256(text) !== hash) found.push('its text is not that of its hash: it was changed');
  const header = readHeader(text);
  if (header === null) return { header, found: [...found, 'its text is not that of an entry'] };
  if (header.seq !== seq)
    found.push(`it was written as entry ${String(header.seq)}: it stands in another place`);
  if (header.chain !== chain) found.push('it was written in other records');
  if (header.prev !== columns.prev) found.push('its column prev is not what its text says');
  if (header.prev !== last.hash && seq === last.seq + 1) {
    found.push('it does not follow from the entry before: one of the two was changed, moved or put in');
  }
  if (header.kind === 'run') {
    if (columns.run_id !== header.runId) found.push('its column run_id is not what its text says');
    if (columns.workflow_id !== header.workflowId)
      found.push('its column workflow_id is not what its text says');
    if (columns.started_at !== header.startedAt)
      found.push('its column started_at is not what its text says');
    if (history === null || sha256(history) !== header.historySha256) found.push('its history was changed');
    if (record === null || sha256(record) !== header.recordSha256) found.push('its record was changed');
  } else if (
    [columns.run_id, columns.workflow_id, columns.started_at, history, record].some((it) => it !== null)
  ) {
    found.push('it has columns of a run, which its text is not of');
  }
  return { header, found };
}

/** Of an entry before that one: nothing is said of it. What its row makes of it must not keep it from being looked at. */
const isBefore = ({ checkpoint, columns }: StoredCheckpoint, from: number): boolean => {
  const seq = seqIn(checkpoint);
  return seq !== null && seq === columns.seq && seq < from;
};

/** The entry that it says it was signed for; `null` where that can be none. */
function seqIn({ body }: Checkpoint): number | null {
  try {
    const { seq } = JSON.parse(body) as CheckpointBody;
    return Number.isSafeInteger(seq) && seq > 0 ? seq : null;
  } catch {
    return null;
  }
}

/** The rows that follow from entries: what is not compared with any is one too many. */
async function derivedRows(records: Records, from: number, until: number) {
  const read = async (table: 'holdings' | 'releases') => {
    const rows = await records.use((db) =>
      db
        .selectFrom(table)
        .selectAll()
        .where('namespace', '=', records.namespace)
        .where('seq', '>', from)
        // Behind the end there are those of entries that are appended meanwhile, each with its entry.
        .where((eb) => {
          const own = eb
            .selectFrom('entries')
            .select('entries.seq')
            .where('entries.namespace', '=', records.namespace)
            .whereRef('entries.seq', '=', `${table}.seq`);
          return eb.or([eb('seq', '<=', until), eb.not(eb.exists(own))]);
        })
        .execute(),
    );
    return new Map<number, object>(rows.map((row) => [row.seq, row]));
  };
  const tables = [
    { what: 'holding', rows: await read('holdings'), follows: holdingOf },
    { what: 'release', rows: await read('releases'), follows: releaseOf },
  ];
  return {
    compare: (entry: EntryHeader): string[] =>
      tables.flatMap(({ what, rows, follows }) => {
        const row = rows.get(entry.seq) ?? null;
        rows.delete(entry.seq);
        // A row of the driver may have another prototype.
        const same = isDeepStrictEqual(row && { ...row }, follows(records.namespace, entry));
        return same ? [] : [`the ${what} that follows from it is not what it says`];
      }),
    left: () =>
      tables.flatMap(({ what, rows }) =>
        [...rows.keys()].map((seq) => ({
          seq,
          what: `a ${what} follows from no entry: it was put in by hand`,
        })),
      ),
  };
}
