import type { NumberPool } from '../client/index';
import type { Holding } from '../contract/holding';
import type { Records } from '../records';

/**
 * Which of these numbers a customer has, by what was written. From the records of the pool where this machine reaches them;
 * where it does not, the worker refuses such a number when it is added.
 */
export async function findHeld(pool: NumberPool, numbers: readonly string[]): Promise<Map<string, Holding>> {
  const held = new Map<string, Holding>();
  const records = await reachableRecords(pool);
  if (!records) return held;
  const [{ holderOf }, { findRun, isInPool }, { readWrittenOrDigits }] = await Promise.all([
    import('../records'),
    import('../client/pool/run'),
    import('../contract/phone-number'),
  ]);
  try {
    for (const number of numbers) {
      const read = readWrittenOrDigits(number);
      const holder = read && (await holderOf(records, read.digits));
      if (!holder) continue;
      // Temporal still knows it: it is there already.
      const run = await findRun(pool.client, read.digits);
      if (!run || !isInPool(run)) held.set(number, holder);
    }
    return held;
  } finally {
    await records.close();
  }
}

async function reachableRecords({ client }: NumberPool): Promise<Records | null> {
  const [{ openRecordsToRead }, { checkSameRecords }, { needs, readSettings }, { StartError }] =
    await Promise.all([
      import('../records'),
      import('../client/records/same-records'),
      import('../settings'),
      import('../settings/start-error'),
    ]);
  let records: Records | null = null;
  try {
    records = await openRecordsToRead(readSettings(needs.records));
    await checkSameRecords(client, records);
    return records;
  } catch (error) {
    await records?.close();
    if (error instanceof StartError) return null;
    throw error;
  }
}
