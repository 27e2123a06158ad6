import path from 'node:path';
import { Command } from 'commander';
import { progress } from '../cli/progress';
import { print, printTable } from '../cli/print';
import { asMain } from '../stack/as-main';
import { benches } from './benches';
import { keepResult } from './core/results';

const names = Object.keys(benches);

/** `npm run bench`: measures, shows tables and keeps the figures. */
async function main(): Promise<void> {
  const program = new Command('npm run bench --')
    .description('Measures Preverified. Without a name all benches run, one after the other.')
    .argument('[names...]', names.map((name) => `${name}: ${benches[name]?.description ?? ''}`).join('\n'))
    .option('--short', 'a small run that takes seconds and shows no more than that it works', false)
    .option('--results <folder>', 'where the figures are kept as JSON', path.resolve('bench/results'))
    .parse();
  const { short, results } = program.opts<{ short: boolean; results: string }>();
  const unknown = program.args.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    program.error(`there is no bench ${unknown.join(', ')}; there are ${names.join(', ')}`);
  }

  for (const name of program.args.length > 0 ? program.args : names) {
    const bench = benches[name];
    if (!bench) continue;
    const finding = await bench.run({ short, progress });
    for (const { title, head, rows } of finding.tables) {
      print(`\n${title}`);
      printTable(head, rows);
    }
    for (const caveat of finding.caveats ?? []) print(`\n${caveat}`);
    print(`\n${await keepResult(results, name, finding, short)}`);
  }
}

// One that is broken off takes its processes along.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
asMain(main);
