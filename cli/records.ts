import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Client } from '@temporalio/client';
import type { Checkpoint, Records } from '../records';
import type { Settings } from '../settings';
import { Failed } from './failed';
import { note, orDash, print, printJson, printTable, time } from './print';
import { progress } from './progress';
import { byOption, jsonOption, words } from './with-pool';

/** What is kept for good: ended lives with proof, and who had which number when. */
export function registerRecords(program: Command): void {
  const records = program
    .command('records')
    .description('what outlives Temporal: ended lives with proof, and who had which number when');
  records
    .command('keep')
    .description('put every run that has closed until now into the records')
    .option('--checkpoint', 'sign the head of the chain, though it was signed within the last day')
    .addOption(jsonOption())
    .action(keep);
  records
    .command('verify')
    .description('check every entry, hash and signature, and play every history through the chart again')
    .option(
      '--from <seq>',
      'begin at the checkpoint of this entry: its signature stands for what comes before',
      entryNumber,
    )
    .option('--checkpoint <file>', 'a checkpoint that was kept elsewhere, as "records checkpoint" prints it')
    .addOption(jsonOption())
    .action(verify);
  records
    .command('who <number|wabaId|customerId>')
    .description('who had which number from when to when')
    .addOption(jsonOption())
    .action(who);
  records
    .command('checkpoint')
    .description('print the latest signed checkpoint as JSON, to be kept elsewhere')
    // It is JSON in any case; programs ask every reading command for it.
    .addOption(jsonOption())
    .action(() => withRecords(printCheckpoint));
  records
    .command('release <number>')
    .description('put on record that a customer has given a number back, so that it can be added again')
    .requiredOption('--reason <text>', 'how that is known', words(500, 'how that is known'))
    .addOption(byOption())
    .action(release);
  records
    .command('export')
    .description('write entries, checkpoints and histories, which "audit --file" reads without any database')
    .requiredOption('--out <folder>', 'where to')
    .action(({ out }: { out: string }) =>
      withRecords(async (open) => {
        const { exportRecords } = await import('./records/export');
        const { entries, checkpoints } = await exportRecords(open, out);
        print(`${String(entries)} entries and ${String(checkpoints)} checkpoints are in ${out}`);
      }),
    );
  records
    .command('backup <file>')
    .description('copy the records of an SQLite file to another one, while workers go on writing')
    .action((file: string) =>
      withRecords((_, settings) =>
        writable(settings, async (open) => {
          const { backUp } = await import('./records/backup');
          await backUp(open, file);
          print(`the records at ${open.shown} are in ${file} too`);
        }),
      ),
    );
  records
    .command('key')
    .description('make an Ed25519 key that signs checkpoints, and its public half for those who check them')
    .addOption(
      new Option('--id <id>', 'what the key is called').default(`r${String(new Date().getFullYear())}`),
    )
    .addOption(jsonOption())
    .action(makeKey);
}

async function keep({ checkpoint = false, json }: { checkpoint?: boolean; json?: boolean }): Promise<void> {
  const [{ keepRecords }, { connect }, { needs, readSettings }] = await Promise.all([
    import('../client/records/keep-records'),
    import('../temporal/connect'),
    import('../settings'),
  ]);
  const { client, close } = await connect(readSettings(needs.client));
  try {
    const { found, kept, lost, disagreeing } = await keepRecords(client, { checkpoint }, note);
    if (json) printJson({ found, kept, lost, disagreeing });
    else print(`${String(found)} closed runs found, ${String(kept)} of them new to the records`);
    if (lost.length > 0)
      throw new Failed(
        `${String(lost.length)} runs were deleted by Temporal before they were kept: ${lost.join(', ')}`,
      );
  } finally {
    await close();
  }
}

interface VerifyOptions {
  from?: number;
  checkpoint?: string;
  json?: boolean;
}

async function verify({ from = 0, checkpoint, json }: VerifyOptions): Promise<void> {
  const [{ noteVerification, headOf }, { readingConverter }, { verifyRecords }] = await Promise.all([
    import('../records'),
    import('../audit'),
    import('../audit/verify-records'),
  ]);
  await withRecords(async (records, settings) => {
    const anchors =
      checkpoint === undefined ? [] : [JSON.parse(readFileSync(checkpoint, 'utf8')) as Checkpoint];
    const { seq } = await records.use((db) => headOf(records, db));
    const bar = progress(Math.max(0, seq - from), 'Verifying');
    const verified = await verifyRecords(records, readingConverter(settings), {
      keys: settings.records.signingKeys,
      ...{ anchors, from },
      // On no terminal each step is a line.
      onEntry: (entry) => {
        if (process.stderr.isTTY || entry % 1000 === 0) bar.step(`entry ${String(entry)}`);
      },
    }).finally(() => bar.stop());
    if (json) printJson(verified);
    else {
      for (const { seq: at, runId, what } of verified.faults)
        print(`✗ entry ${at === null ? '–' : String(at)}${runId === null ? '' : ` (run ${runId})`}: ${what}`);
      print(
        `${String(verified.entries)} entries and ${String(verified.checkpoints)} checkpoints verified: ${verified.ok ? 'all as they were written' : `${String(verified.faults.length)} faults`}`,
      );
    }
    await writable(settings, (open) =>
      noteVerification(open, verified.entries, verified.faults.length),
    ).catch((error: unknown) =>
      note(`This verification could not be put on record: ${(error as Error).message}`),
    );
    if (!verified.ok) throw new Failed('The records are not as they were written.');
  });
}

async function who(subject: string, { json }: { json?: boolean }): Promise<void> {
  const { subjectOf, whoHad } = await import('../audit/who');
  await withRecords(async (records, settings) => {
    const holdings = await withTemporal(settings, (client) => whoHad(client, records, subjectOf(subject)));
    if (json) printJson(holdings);
    else if (holdings.length === 0) print('nobody, as far as is known');
    else {
      printTable(
        ['Number', 'WABA', 'Customer', 'From', 'To', 'State', 'Known by'],
        holdings.map((one) => [
          `+${one.phoneNumber}`,
          one.wabaId,
          orDash(one.customerId),
          time(one.from),
          one.to === null ? 'now' : time(one.to),
          one.state,
          one.source,
        ]),
      );
    }
  });
}

/** Records answer alone where Temporal cannot be reached: what lives is left out, and that is said. */
async function withTemporal<Answer>(
  settings: Settings<'temporal' | 'payloads'>,
  act: (client: Client | null) => Promise<Answer>,
): Promise<Answer> {
  const { connect } = await import('../temporal/connect');
  const connected = await connect(settings).catch((error: unknown) => {
    note(`From records alone, without numbers that live: ${(error as Error).message}`);
    return null;
  });
  try {
    return await act(connected?.client ?? null);
  } finally {
    await connected?.close();
  }
}

async function printCheckpoint(records: Records): Promise<void> {
  const { lastCheckpoint } = await import('../records');
  const last = await lastCheckpoint(records);
  if (!last)
    throw new Failed(
      'No checkpoint was signed yet: set RECORDS_SIGNING_KEY for the worker ("preverified records key").',
    );
  print(JSON.stringify(last.checkpoint));
}

async function release(number: string, { by, reason }: { by: string; reason: string }): Promise<void> {
  const [{ appendRelease, holderOf }, { readPhoneNumber, readDigits }] = await Promise.all([
    import('../records'),
    import('../contract/phone-number'),
  ]);
  const read = readPhoneNumber(number) ?? readDigits(number);
  if (!read) throw new Failed(`${number} is not a phone number.`);
  await withRecords(async (_, settings) =>
    writable(settings, async (records) => {
      const holder = await holderOf(records, read.digits);
      if (!holder) throw new Failed(`Nobody has ${read.e164}, as far as records know.`);
      await appendRelease(records, { phoneNumber: holder.phoneNumber, by, reason });
      print(
        `${read.e164} was given back by ${holder.customerId ?? `WABA ${holder.wabaId}`}, and can be added again`,
      );
    }),
  );
}

function makeKey({ id, json }: { id: string; json?: boolean }): void {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(id))
    throw new Failed('An id has 1 to 64 letters, digits, dots and hyphens.');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const secret = `${id}:${privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`;
  const open = `${id}:${publicKey.export({ format: 'der', type: 'spki' }).toString('base64')}`;
  if (json) printJson({ signingKey: secret, publicKey: open });
  else {
    print(`RECORDS_SIGNING_KEY=${secret}`);
    note(`For workers. Who only checks sets RECORDS_SIGNING_KEY to the public key:\n${open}`);
  }
}

type RecordsSettings = Settings<'records' | 'temporal' | 'payloads'>;

async function withRecords(
  act: (records: Records, settings: RecordsSettings) => Promise<void>,
): Promise<void> {
  const [{ openRecordsToRead }, { needs, readSettings }] = await Promise.all([
    import('../records'),
    import('../settings'),
  ]);
  const settings = readSettings(needs.records);
  const records = await openRecordsToRead(settings);
  try {
    await act(records, settings);
  } finally {
    await records.close();
  }
}

async function writable(settings: RecordsSettings, act: (records: Records) => Promise<void>): Promise<void> {
  const { openRecords } = await import('../records');
  const records = await openRecords(settings, { migrate: false });
  try {
    await act(records);
  } finally {
    await records.close();
  }
}

function entryNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('the number of an entry.');
  return Number(text);
}
