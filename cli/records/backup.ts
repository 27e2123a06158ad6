import { existsSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import type { Records } from '../../records';
import { Failed } from '../failed';

/**
 * SQLite's own way to copy a file that others write: what was committed when it began, all or nothing, without the journal
 * beside it.
 */
export async function backUp(records: Records, file: string): Promise<void> {
  if (records.kind === 'postgres') {
    throw new Failed(
      `The records at ${records.shown} are backed up with PostgreSQL's own tools, such as pg_dump: docs/records.md says how.`,
    );
  }
  const target = path.resolve(file);
  if (existsSync(target)) throw new Failed(`${file} is there already: name another file.`);
  await records.use((db) => sql`vacuum into ${target}`.execute(db));
}
