import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Records of a test's own: what others have left in the default ones would keep its numbers from being added. */
export async function ownRecords(): Promise<{ RECORDS_URL: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'preverified-records-'));
  return {
    RECORDS_URL: `sqlite:${path.join(folder, 'records.db')}`,
    remove: () => rm(folder, { recursive: true }),
  };
}
