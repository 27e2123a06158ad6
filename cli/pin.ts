import type { Command } from 'commander';
import { print, printJson } from './print';
import { byOption, jsonOption, withPool } from './with-pool';

export function registerPin(program: Command): void {
  program
    .command('pin')
    .description(
      'the two-step PIN that a number was registered with: shown once, and who reads it is on record',
    )
    .argument('<number>')
    .addOption(byOption())
    .addOption(jsonOption())
    .action(async (number: string, { by, json }: { by: string; json?: boolean }) => {
      const pin = await withPool(by, (pool) => pool.readPin(number, by));
      if (json) printJson({ pin });
      else print(pin);
    });
}
