import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EntryHeader, Records, StoredEntry } from '../../records';
import { Failed } from '../failed';
import { progress } from '../progress';

/** What an export is for is to be handed on; until then it is its maker's alone: it says who had which number. */
const PRIVATE = { mode: 0o600 };

/**
 * Writes `entries.jsonl`, `checkpoints.jsonl`, and for each run its history as it is stored (`<run ID>.gz`, what the entry's
 * hash is of) and as Temporal's tools export it (`<run ID>.json`). An entry that cannot be read ends nothing: its line and its
 * bytes are written as they are (`entry-<seq>.gz`).
 *
 * @returns with a sentence for each entry that could not be read
 * @throws {Failed} where the folder cannot be written
 */
export async function exportRecords(
  records: Records,
  out: string,
): Promise<{ entries: number; checkpoints: number; faults: string[] }> {
  const [{ opened, readCheckpoints, readEntries, readHeader }, { eventsOf }, { historyToJSON }] =
    await Promise.all([
      import('../../records'),
      import('../../audit/kept-run'),
      import('../../temporal/sdk-internals'),
    ]);
  const histories = path.join(out, 'histories');
  const exportable = (history: Uint8Array) => historyToJSON({ events: eventsOf(opened(history)) });
  const bar = progress(null, 'Exporting');
  // Before the entries: whatever one of them was signed for is exported too.
  const checkpoints = await readCheckpoints(records);
  const faults: string[] = [];
  let entries = 0;
  try {
    await mkdir(histories, { recursive: true, mode: 0o700 });
    const lines = await open(path.join(out, 'entries.jsonl'), 'w', PRIVATE.mode);
    try {
      for await (const stored of readEntries(records)) {
        const { seq, hash, header: text, history, record } = stored;
        const line = { seq, hash, header: text, record: record && Buffer.from(record).toString('base64') };
        await lines.appendFile(`${JSON.stringify(line)}\n`);
        const find = (what: string) => faults.push(`entry ${String(seq)} of the records ${what}`);
        const header = readHeader(text);
        if (header === null) find('cannot be read: its text is not that of an entry');
        if (history !== null) {
          const name = fileOf(stored, header);
          if (name === null && header !== null) find('has a history, and no run that it could be of');
          const file = path.join(histories, name ?? `entry-${String(seq)}`);
          await writeFile(`${file}.gz`, history, PRIVATE);
          const json = orWhyNot(() => exportable(history));
          if (json instanceof Error) find(`has a history that cannot be read: ${json.message}`);
          else await writeFile(`${file}.json`, json, PRIVATE);
        }
        if (header?.kind === 'run' && history === null) find('has no history');
        if (++entries % 100 === 0) bar.step(`${String(entries)} entries`);
      }
    } finally {
      await lines.close();
    }
    const signed = checkpoints.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join('');
    await writeFile(path.join(out, 'checkpoints.jsonl'), signed, PRIVATE);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new Failed(
      `The export into ${out} is not complete: ${message}. Make room there, or name another folder with --out.`,
      { cause: error },
    );
  } finally {
    bar.stop();
  }
  return { entries, checkpoints: checkpoints.length, faults };
}

/**
 * Named by the run, where that is a name: whoever may write the database must not choose which file this writes. That the
 * column says the same lets no second entry take the file, for the database keeps a run's ID once.
 */
function fileOf({ columns }: StoredEntry, header: EntryHeader | null): string | null {
  if (header?.kind !== 'run' || header.runId !== columns.run_id) return null;
  return /^[\w-]{1,64}$/.test(header.runId) ? header.runId : null;
}

function orWhyNot<Answer>(act: () => Answer): Answer | Error {
  try {
    return act();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
