import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { note, print, printTable } from '../../cli/print';
import { StartError } from '../../settings/start-error';
import { quiet } from '../support/quiet';
import { head, row, type Result } from './report';
import { scenarios } from './scenarios/scenarios';

const names = Object.keys(scenarios);

/** `npm run test:chaos`: breaks everything in turn, shows what came of it and keeps it. @returns whether all held */
async function main(signal: AbortSignal): Promise<boolean> {
  const program = new Command('npm run test:chaos --')
    .description(
      'Breaks whatever can break while numbers live, and has a judge look. CHAOS_SEED=<n> replays a run.',
    )
    .argument('[names...]', names.map((name) => `${name}: ${scenarios[name]?.title ?? ''}`).join('\n'))
    .option('--short', 'fewer lives and fewer deaths', false)
    .parse();
  const { short } = program.opts<{ short: boolean }>();
  const unknown = program.args.filter((name) => !(name in scenarios));
  if (unknown.length > 0) program.error(`there is no ${unknown.join(', ')}; there are ${names.join(', ')}`);
  const seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  if (!Number.isInteger(seed)) throw new StartError('CHAOS_SEED is no whole number', 'mend it, or unset it');

  quiet();
  const at = new Date().toISOString();
  const folder = path.resolve('.local/chaos', at.replace(/[:.]/g, '-'));
  print(`CHAOS_SEED=${seed}`);
  const results: Result[] = [];
  for (const name of program.args.length > 0 ? program.args : names) {
    const scenario = scenarios[name];
    if (!scenario) continue;
    const evidence = path.join(folder, name);
    await mkdir(evidence, { recursive: true });
    const report = (line: string) => {
      note(`${new Date().toISOString().slice(11, 19)} ${name}: ${line}`);
    };
    const missing = scenario.lacks?.();
    if (missing !== undefined) {
      report(`left out, for ${missing}`);
      continue;
    }
    const outcome = await scenario.run({ seed, short, folder: evidence, report, signal });
    for (const { number, story, rule, fault } of outcome.faults)
      print(`✗ +${number} (${story}): ${rule}: ${fault}`);
    results.push({ name, title: scenario.title, outcome });
    await writeFile(
      path.join(folder, 'result.json'),
      JSON.stringify({ at, seed, short, scenarios: results }, null, 2),
    );
  }
  printTable(head, results.map(row));
  print(
    `CHAOS_SEED=${seed} · ${path.join(folder, 'result.json')}, with the logs and the evidence of faults beside it`,
  );
  return results.every(({ outcome }) => outcome.faults.length === 0);
}

// The first word to end lets everything be taken down in order; the second one does not wait for that.
const brokenOff = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (brokenOff.signal.aborted) process.exit(1);
    brokenOff.abort(new Error('broken off'));
  });
}

main(brokenOff.signal).then(
  (held) => process.exit(held ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof StartError ? error.message : error);
    process.exit(1);
  },
);
