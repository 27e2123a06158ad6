import type { Command } from 'commander';
import { print, printJson } from './print';
import { fromInput } from './input';
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
    .option(
      '--set [pin]',
      'set another one at Meta and show it: six digits, "-" to read them from standard input; one is made if left out',
    )
    .addOption(byOption())
    .addOption(jsonOption())
    .action(async (number: string, { by, json, set }: PinOptions) => {
      const pin = await withPool(by, (pool) =>
        set === undefined
          ? pool.readPin(number, by)
          : pool.setPin(number, by, set === true ? undefined : fromInput(set)),
      );
      if (json) printJson({ pin });
      else print(pin);
    });
}
