import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import pLimit from 'p-limit';
import type { Client } from '@temporalio/client';
import type { Format } from '../audit';
import type { Holding } from '../contract/holding';
import { canonicalDigits } from '../contract/phone-number';
import { utcMinute } from '../contract/times';
import { customerWorkflowIdOf, workflowIdOf } from '../contract/workflow-ids';
import type { Records } from '../records';
import type { Connected } from '../temporal/connect';
import { sentence } from './failed';
import { readJson } from './input';
import { note, print } from './print';
import { progress } from './progress';
import { jsonOption } from './with-pool';

interface Options {
  format: Format;
  verify?: true;
  json?: true;
  all?: true;
  out?: string;
  file?: string;
  at?: number;
}

const extensions: Record<Format, string> = {
  table: 'txt',
  markdown: 'md',
  csv: 'csv',
  jsonl: 'jsonl',
  json: 'json',
};

/** What happened to a number or customer, from the workflow's history alone. */
export function registerAudit(program: Command): void {
  program
    .command('audit [number|wabaId]')
    .description('what happened to a number or customer, by whom and when, from the histories alone')
    .addOption(
      new Option('--format <format>', 'how it is written').choices(Object.keys(extensions)).default('table'),
    )
    .addOption(jsonOption().implies({ format: 'json' }))
    .option('--verify', 'run the history through the chart again and say whether they agree')
    .option('--file <history.json>', 'a history exported by the Temporal CLI or UI instead')
    .addOption(
      new Option(
        '--at <date>',
        'who had the number or how the customer stood then, such as 2027-02-21 or 2027-02-21T07:26Z',
      ).argParser(moment),
    )
    .option('--all', "every number's and customer's, into the folder of --out")
    .option('--out <folder>', 'where --all writes to')
    .action(async (whose: string | undefined, options: Options, command: Command) => {
      const misuse = misuseOf(whose, options);
      if (misuse !== null) command.error(`error: ${misuse}`);
      if (options.all) await auditAll(options);
      else await auditOne(whose, options);
    });
}

/** What does not fit together; `null` where all does. */
function misuseOf(whose: string | undefined, { all, out, file, at, json, format }: Options): string | null {
  if (all) {
    if (whose !== undefined || file !== undefined || at !== undefined)
      return 'with --all, name no number, WABA, --file or --at';
    return out === undefined ? 'say with --out into which folder the audits are to be written' : null;
  }
  if (file !== undefined && at !== undefined)
    return '--at is answered from Temporal and records, not from --file';
  if (out !== undefined) return '--out is for --all: without it the audit is printed';
  if (json && format !== 'json') return 'say --json or another --format, not both';
  if (at !== undefined && !['table', 'json'].includes(format))
    return '--at is answered by a sentence, or with --json';
  return whose === undefined && file === undefined
    ? 'name a number or WABA, or a history with --file, or all with --all'
    : null;
}

async function auditOne(whose = '', options: Options): Promise<void> {
  const { file, format, at, verify = false } = options;
  if (file !== undefined) return auditFile(file, whose, options);
  const { auditLives, headingOf, renderAt, renderLives, renderSources, renderVerdict } =
    await import('../audit');
  const { lives, holdings } = await connected(async ({ client }, records) => ({
    lives: await auditLives(client, whose, records),
    holdings: at === undefined ? [] : await holdingsOf(client, records, whose),
  }));
  const now = Date.now();
  if (at !== undefined && at > now) note(`${utcMinute(at)} has not come yet: this is how it stands now.`);
  print(at === undefined ? renderLives(lives, format) : renderAt(lives, Math.min(at, now), holdings, format));
  for (const life of lives) {
    const sources = renderSources(life);
    if (sources !== null) note(sources);
  }
  if (!verify) return;
  for (const [index, life] of lives.entries()) {
    if (lives.length > 1) note(headingOf(life, index, lives.length));
    note(renderVerdict(life));
  }
  if (lives.some(({ agrees }) => !agrees)) process.exitCode = 1;
}

/** Who had what may be a number, from when to when. */
async function holdingsOf(client: Client, records: Records | null, whose: string): Promise<Holding[]> {
  const { subjectOf, whoHad } = await import('../audit/who');
  const { phoneNumber } = subjectOf(whose);
  return phoneNumber === undefined ? [] : whoHad(client, records, { phoneNumber });
}

/** A history that was exported; with a number or WABA beside it, it is held against what Temporal has. */
async function auditFile(file: string, whose: string, options: Options): Promise<void> {
  const [{ auditExported, compareFile, readingConverter, render, renderVerdict }, { readSettings }] =
    await Promise.all([import('../audit'), import('../settings')]);
  const { text: json } = readJson(file);
  const audit = await auditExported(json, readingConverter(readSettings(['payloads'])));
  print(render(audit, options.format));
  if (!options.verify) return;
  const idOf = audit.runs[0]?.kind === 'customer' ? customerWorkflowIdOf : workflowIdOf;
  const differences =
    whose === ''
      ? []
      : await connected(({ client }) => compareFile(client, idOf(whose.replace(/\D/g, '')), json));
  for (const { eventId, what } of differences) note(`event ${String(eventId)}: ${what}`);
  if (whose !== '' && differences.length === 0) note('The file is what Temporal has.');
  note(renderVerdict(audit));
  if (!audit.agrees || differences.length > 0) process.exitCode = 1;
}

async function auditAll({ format, out = '', verify }: Options): Promise<void> {
  mkdirSync(out, { recursive: true });
  const [{ auditLives, isForPrograms, renderLives, renderVerdict }, { readingClient }] = await Promise.all([
    import('../audit'),
    import('../temporal/reading-client'),
  ]);
  await connected(async ({ client }, records) => {
    const { keptIds } = await import('../records');
    // Those, too, whose workflow was ended from outside: no list of the pool has them, and an auditor must.
    const idsOf = async (workflowType: string, prefix: string) => {
      const ids = records ? await keptIds(records, prefix) : [];
      const query = `WorkflowType = '${workflowType}'`;
      for await (const { workflowId } of readingClient(client).workflow.list({ query, pageSize: 1000 }))
        if (workflowId.startsWith(prefix)) ids.push(workflowId.slice(prefix.length));
      return ids;
    };
    const digits = await idsOf('numberLifecycle', workflowIdOf(''));
    // One number for all of its written forms.
    const numbers = new Map(digits.map((form) => [canonicalDigits(form), form])).values();
    const customers = new Set(await idsOf('customerLifecycle', customerWorkflowIdOf('')));
    const all = [
      ...[...numbers].map((form) => ({ whose: `+${form}`, file: form })),
      ...[...customers].map((wabaId) => ({
        whose: customerWorkflowIdOf(wabaId),
        file: `customer-${wabaId}`,
      })),
    ];
    const bar = progress(all.length, 'Auditing');
    let disagreeing = 0;
    const failed: string[] = [];
    const limit = pLimit(5);
    const audited = async ({ whose, file }: { whose: string; file: string }) => {
      let word = 'written';
      try {
        const lives = await auditLives(client, whose, records);
        const agrees = lives.every((life) => life.agrees);
        const verdict = verify ? `\n\n${lives.map(renderVerdict).join('\n')}\n` : '\n';
        // A verdict has no place among the rows that programs read.
        const rows = renderLives(lives, format);
        const apart = isForPrograms(format);
        writeFileSync(path.join(out, `${file}.${extensions[format]}`), rows + (apart ? '\n' : verdict));
        if (verify && apart) writeFileSync(path.join(out, `${file}.verdict.txt`), verdict.trimStart());
        if (verify) word = agrees ? 'agrees' : 'DISAGREES';
        if (verify && !agrees) disagreeing++;
      } catch (error) {
        word = `was not audited: ${sentence(error)}`;
        failed.push(`${whose} ${word}`);
      }
      bar.step(`${whose} ${word}`);
    };
    await Promise.all(all.map((one) => limit(() => audited(one))));
    bar.stop();
    for (const line of failed) note(line);
    print(
      [
        `${String(all.length - failed.length)} audits are in ${out}`,
        ...(verify ? [`${String(disagreeing)} disagree with the chart`] : []),
        ...(failed.length > 0 ? [`${String(failed.length)} were not made`] : []),
      ].join('; '),
    );
    if (disagreeing + failed.length > 0) process.exitCode = 1;
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

/** A date, or a time as any command prints it: UTC, unless it names an offset. Nothing that could be read in two ways. */
function moment(text: string): number {
  const [, date, time = '', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|UTC|[+-]\d\d:?\d\d)?)?$/.exec(
      text.trim(),
    ) ?? [];
  const at = Date.parse(time === '' ? String(date) : `${String(date)}T${time}${zone.replace('UTC', 'Z')}`);
  // Of a day that does not exist, such as 2027-02-30, Node.js makes another one.
  const exists = new Date(`${String(date)}T00:00Z`);
  if (Number.isNaN(at) || !exists.toISOString().startsWith(String(date)))
    throw new InvalidArgumentError(
      'It must be a date, such as 2027-02-21, or a time such as 2027-02-21T07:26Z.',
    );
  return at;
}
