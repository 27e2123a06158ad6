import type { Command } from 'commander';
import { print, printJson } from './print';
import type { NumberPool, RefusedError } from '../client/index';
import { byOption, jsonOption, withPool } from './with-pool';

interface PinOptions {
  by: string;
  json?: boolean;
  /** `true` where no PIN is named. */
  set?: string | true;
}

export function registerPin(program: Command): void {
  program
    .command('pin')
    .description(
      'the two-step PIN that a number was registered with: shown once, and who reads it is on record',
    )
    .argument('<number>')
    .option('--set [pin]', 'set another one at Meta and show it; six digits, or one is made')
    .addOption(byOption())
    .addOption(jsonOption())
    .action(async (number: string, { by, json, set }: PinOptions) => {
      const pin = await withPool(by, (pool) =>
        set === undefined
          ? readPin(pool, number, by)
          : pool.setPin(number, by, set === true ? undefined : set),
      );
      if (json) printJson({ pin });
      else print(pin);
    });
}

/** From the records where Temporal has forgotten the number. */
async function readPin(pool: NumberPool, number: string, by: string): Promise<string> {
  try {
    return await pool.readPin(number, by);
  } catch (error) {
    if ((error as { type?: unknown }).type !== 'UnknownNumber') throw error;
    const [{ readKeptPin }, { openRecordsToRead }, { needs, readSettings }, { RecordsError }] =
      await Promise.all([
        import('../audit/kept-pin'),
        import('../records'),
        import('../settings'),
        import('../records/records-error'),
      ]);
    const records = await openRecordsToRead(readSettings(needs.records)).catch((unopened: unknown) => {
      throw unopened instanceof RecordsError ? error : unopened;
    });
    try {
      return await readKeptPin(pool.client, records, (error as RefusedError).number, by);
    } finally {
      await records.close();
    }
  }
}
