import { isDeepStrictEqual } from 'node:util';
import type { SigningKey } from '../settings/signing-keys';
import { holdingOf, releaseOf } from './append';
import { NO_ENTRY, sha256, type EntryHeader, type RunEntry } from './chain';
import { readCheckpoint, readCheckpoints, type Checkpoint, type CheckpointBody } from './checkpoints';
import { readEntries, type StoredEntry } from './entries';
import type { Records } from './records';

/** Something in the records is not as it was written. */
export interface Fault {
  /** `null` for what concerns no entry. */
  seq: number | null;
  runId: string | null;
  what: string;
  /** Of a checkpoint that could not be verified: the ID of the key that it names and that the reader lacks. */
  lacksKey?: string;
}

export interface Verified {
  entries: number;
  checkpoints: number;
  ok: boolean;
  faults: Fault[];
}

export interface VerifyOptions {
  keys: readonly SigningKey[];
  /** A checkpoint that was kept elsewhere: it must fit too. */
  anchors?: readonly Checkpoint[];
  /** Begins behind the entry of this checkpoint's `seq`: its signature stands for what comes before. */
  from?: number;
  /** What else is to be found out about an entry whose bytes are as they were written: plays its history again. */
  look?: (entry: EntryHeader & RunEntry, stored: StoredEntry) => Promise<string[]>;
  onEntry?: (seq: number) => void;
}

/**
 * Walks the chain and finds every entry that is changed, removed, put in or out of order, every checkpoint that does not
 * fit, and every row that does not follow from the entries.
 */
export async function verifyChain(
  records: Records,
  { keys, anchors = [], from = 0, look, onEntry = () => undefined }: VerifyOptions,
): Promise<Verified> {
  const faults: Fault[] = [];
  const checkpoints = [...(await readCheckpoints(records)), ...anchors];
  const stated = checkpoints.map((checkpoint) => readCheckpoint(checkpoint, keys));
  const good = stated.filter((one): one is CheckpointBody => !('fault' in one));
  for (const [index, one] of stated.entries()) {
    const seq = seqIn(checkpoints[index]);
    if ('fault' in one) {
      const { fault, ...lacking } = one;
      faults.push({
        seq,
        runId: null,
        what: `the checkpoint at entry ${String(seq)}: ${fault}`,
        ...lacking,
      });
    } else if (one.chain !== records.id)
      faults.push({
        seq,
        runId: null,
        what: `the checkpoint at entry ${String(seq)} is that of other records`,
      });
  }
  const begin = from === 0 ? null : good.find(({ seq, chain }) => seq === from && chain === records.id);
  if (begin === undefined)
    throw new Error(`there is no valid checkpoint at entry ${String(from)} to begin at`);

  let last = { seq: from, hash: begin?.hash ?? NO_ENTRY };
  const derived = await derivedRows(records, from);
  let entries = 0;
  for await (const stored of readEntries(records, from)) {
    const { header, found } = readEntry(stored, last, records.id);
    const runId = header?.kind === 'run' ? header.runId : stored.columns.run_id;
    const find = (what: string) => faults.push({ seq: stored.seq, runId, what });
    found.forEach(find);
    for (const { seq, hash } of good) {
      if (seq === stored.seq && hash !== stored.hash)
        find(`it is not the entry that the checkpoint of it was signed for`);
    }
    if (header) {
      for (const what of derived.compare(header)) find(what);
      if (header.kind === 'run' && found.length === 0)
        for (const what of (await look?.(header, stored)) ?? []) find(what);
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
  return { entries, checkpoints: checkpoints.length, ok: faults.length === 0, faults };
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
  let header: EntryHeader;
  try {
    header = JSON.parse(text) as EntryHeader;
  } catch {
    return { header: null, found: [...found, 'its text is no JSON'] };
  }
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
  }
  return { header, found };
}

function seqIn(checkpoint: Checkpoint | undefined): number | null {
  try {
    return (JSON.parse(checkpoint?.body ?? '') as CheckpointBody).seq;
  } catch {
    return null;
  }
}

/** The rows that follow from entries: what is not compared with any is one too many. */
async function derivedRows(records: Records, from: number) {
  const read = async (table: 'holdings' | 'releases') => {
    const rows = await records.use((db) =>
      db
        .selectFrom(table)
        .selectAll()
        .where('namespace', '=', records.namespace)
        .where('seq', '>', from)
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
