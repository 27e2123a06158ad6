import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Option, type Command } from 'commander';
import pLimit from 'p-limit';
import type { Audit, Format } from '../audit';
import type { Records } from '../records';
import type { Connected } from '../temporal/connect';
import { sentence } from './failed';
import { note, print } from './print';
import { progress } from './progress';

interface Options {
  format: Format;
  verify?: true;
  all?: true;
  out?: string;
  file?: string;
}

const extensions: Record<Format, string> = { table: 'txt', markdown: 'md', csv: 'csv', jsonl: 'jsonl' };

/** What happened to a number, from its workflow history alone. */
export function registerAudit(program: Command): void {
  program
    .command('audit [number]')
    .description('what happened to a number, by whom and when, from its histories alone')
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices(['table', 'markdown', 'csv', 'jsonl'])
        .default('table'),
    )
    .option('--verify', 'run the history through the chart again and say whether they agree')
    .option('--file <history.json>', 'a history exported by the Temporal CLI or UI instead of a number')
    .option('--all', "every number's, into the folder of --out")
    .option('--out <folder>', 'where --all writes to')
    .action(async (number: string | undefined, options: Options) => {
      if (options.all) await auditAll(options);
      else await auditOne(number, options);
    });
}

async function auditOne(number: string | undefined, options: Options): Promise<void> {
  const { render, renderSources, renderVerdict } = await import('../audit');
  const audit = await read(number, options);
  print(render(audit, options.format));
  const sources = options.file === undefined ? renderSources(audit) : null;
  if (sources !== null) note(sources);
  if (options.verify) {
    note(renderVerdict(audit));
    if (!audit.agrees) process.exitCode = 1;
  }
}

async function read(number: string | undefined, { file }: Options): Promise<Audit> {
  if (file !== undefined) {
    const [{ auditExported, readingConverter }, { readSettings }] = await Promise.all([
      import('../audit'),
      import('../settings'),
    ]);
    const converter = readingConverter(readSettings(['payloads']));
    return auditExported(readFileSync(file, 'utf8'), converter);
  }
  if (number === undefined) throw new Error('name a number, or a history with --file, or all with --all');
  const { auditNumber } = await import('../audit');
  return connected(({ client }, records) => auditNumber(client, number, records));
}

async function auditAll({ format, out, verify }: Options): Promise<void> {
  if (out === undefined) throw new Error('say with --out into which folder the audits are to be written');
  mkdirSync(out, { recursive: true });
  const [{ auditNumber, render, renderVerdict }, { NumberPool }] = await Promise.all([
    import('../audit'),
    import('../client'),
  ]);
  await connected(async ({ client }, records) => {
    const { keptNumbers } = await import('../records');
    const found = new Set(records ? await keptNumbers(records) : []);
    for await (const { phoneNumber } of new NumberPool(client).list()) found.add(phoneNumber);
    const numbers = [...found];
    const bar = progress(numbers.length, 'Auditing');
    let disagreeing = 0;
    const limit = pLimit(5);
    const audited = async (digits: string) => {
      let word = 'written';
      try {
        const audit = await auditNumber(client, `+${digits}`, records);
        const verdict = verify ? `\n\n${renderVerdict(audit)}\n` : '\n';
        // A verdict has no place among the rows that programs read.
        const rows = render(audit, format);
        const apart = format === 'csv' || format === 'jsonl';
        writeFileSync(path.join(out, `${digits}.${extensions[format]}`), rows + (apart ? '\n' : verdict));
        if (verify && apart) writeFileSync(path.join(out, `${digits}.verdict.txt`), verdict.trimStart());
        if (verify) word = audit.agrees ? 'agrees' : 'DISAGREES';
        if (verify && !audit.agrees) disagreeing++;
      } catch (error) {
        disagreeing++;
        word = sentence(error);
      }
      bar.step(`+${digits} ${word}`);
    };
    await Promise.all(numbers.map((digits) => limit(() => audited(digits))));
    bar.stop();
    print(
      `${String(numbers.length)} audits are in ${out}${verify ? `; ${String(disagreeing)} disagree with the chart` : ''}`,
    );
    if (disagreeing > 0) process.exitCode = 1;
  });
}

/** A connection that leaves payloads of unknown keys as they are: an auditor may see only a part. */
async function connected<Answer>(
  act: (connected: Connected, records: Records | null) => Promise<Answer>,
): Promise<Answer> {
  const [{ connect }, { needs, readSettings }] = await Promise.all([
    import('../temporal/connect'),
    import('../settings'),
  ]);
  const settings = readSettings(needs.records);
  const open = await connect(settings, { unknownKey: 'leave' });
  const { openRecordsToRead } = await import('../records');
  const records = await openRecordsToRead(settings).catch((error: unknown) => {
    note(`From Temporal alone: ${sentence(error)}`);
    return null;
  });
  try {
    return await act(open, records);
  } finally {
    await records?.close();
    await open.close();
  }
}
