import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import type { EntryHeader, Records } from '../../records';
import { progress } from '../progress';

/**
 * Writes `entries.jsonl`, `checkpoints.jsonl`, and for each run its history as it is stored (`<run ID>.gz`, what the entry's
 * hash is of) and as Temporal's tools export it (`<run ID>.json`).
 */
export async function exportRecords(
  records: Records,
  out: string,
): Promise<{ entries: number; checkpoints: number }> {
  const [{ opened, readCheckpoints, readEntries }, { eventsOf }, { historyToJSON }] = await Promise.all([
    import('../../records'),
    import('../../audit/kept-run'),
    import('../../temporal/sdk-internals'),
  ]);
  const histories = path.join(out, 'histories');
  await mkdir(histories, { recursive: true });
  const lines = createWriteStream(path.join(out, 'entries.jsonl'));
  const bar = progress(null, 'Exporting');
  // Before the entries: whatever one of them was signed for is exported too.
  const checkpoints = await readCheckpoints(records);
  let entries = 0;
  try {
    for await (const { seq, hash, header, history, record } of readEntries(records)) {
      const line = { seq, hash, header, record: record && Buffer.from(record).toString('base64') };
      if (!lines.write(`${JSON.stringify(line)}\n`)) await once(lines, 'drain');
      const entry = JSON.parse(header) as EntryHeader;
      if (entry.kind === 'run' && history !== null) {
        const file = path.join(histories, entry.runId);
        await writeFile(`${file}.gz`, history);
        await writeFile(`${file}.json`, historyToJSON({ events: eventsOf(opened(history)) }));
      }
      if (++entries % 100 === 0) bar.step(`${String(entries)} entries`);
    }
  } finally {
    bar.stop();
    lines.end();
  }
  await once(lines, 'close');
  const signed = checkpoints.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join('');
  await writeFile(path.join(out, 'checkpoints.jsonl'), signed);
  return { entries, checkpoints: checkpoints.length };
}
