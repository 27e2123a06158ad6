import type { Command } from 'commander';
import { Failed } from './failed';
import { note, print, printJson } from './print';
import { jsonOption } from './with-pool';

const marks = { ok: '✓', failed: '✗', skipped: '·' };

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look over all that a worker and its operators need, and change nothing')
    .addOption(jsonOption())
    .action(async ({ json }: { json?: boolean }) => {
      const { examine } = await import('../worker/doctor');
      const checks = [];
      for await (const check of examine()) {
        checks.push(check);
        if (json) continue;
        print(`${marks[check.outcome]} ${check.name}: ${check.detail}`);
        if (check.remedy !== null) print(`    ${check.remedy}`);
      }
      if (json) printJson(checks);
      const failed = checks.filter(({ outcome }) => outcome !== 'ok').length;
      if (failed > 0) throw new Failed(`${String(failed)} of ${String(checks.length)} checks did not pass.`);
      if (!json) note('all is well');
    });
}
