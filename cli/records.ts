import { generateKeyPairSync } from 'node:crypto';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Client } from '@temporalio/client';
import type { Checkpoint, Records, Verified } from '../records';
import type { Settings } from '../settings';
import { Failed } from './failed';
import { readJson } from './input';
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
      'begin at the checkpoint of this entry: its signature stands for what comes before; is not put on record',
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
        const { entries, checkpoints, faults } = await exportRecords(open, out);
        print(`${String(entries)} entries and ${String(checkpoints)} checkpoints are in ${out}`);
        faults.forEach((fault) => note(fault));
        if (faults.length > 0)
          throw new Failed(
            'All is in the folder, but what is named above cannot be read: "preverified records verify" says what was changed.',
          );
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
    const anchors = checkpoint === undefined ? [] : [checkpointIn(checkpoint)];
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
    else printVerified(verified);
    const changed = verified.faults.filter(({ disagrees }) => disagrees === undefined);
    const lacking = changed.length > 0 && changed.every(({ lacksKey }) => lacksKey !== undefined);
    // Whoever has no key at all cannot tell of a checkpoint that it is wrong; and a part says nothing of the whole.
    const tells = !lacking || settings.records.signingKeys.length > 0;
    if (tells && (from === 0 || changed.length > 0))
      await writable(settings, (open) => noteVerification(open, verified.entries, changed.length)).catch(
        (error: unknown) => note(`This verification could not be put on record: ${(error as Error).message}`),
      );
    if (lacking)
      throw new Failed(
        'Not all could be verified: set RECORDS_SIGNING_KEY to the public keys of all that have signed. A key that nobody knows is not ours, and its checkpoint was put in.',
      );
    if (changed.length > 0) throw new Failed('The records are not as they were written.');
    if (!verified.ok)
      throw new Failed(
        'The records are as they were written, but what is named above does not agree with the chart: "preverified audit" shows each of these lives.',
      );
  });
}

/** Each fault a line; a key that is lacking is named once, however many checkpoints it has signed. */
function printVerified({ entries, checkpoints, unplayed, faults }: Verified): void {
  const found = faults.filter(({ lacksKey }) => lacksKey === undefined);
  for (const { seq, runId, what } of found)
    print(`✗ entry ${seq === null ? '–' : String(seq)}${runId === null ? '' : ` (run ${runId})`}: ${what}`);
  const lacking = faults.flatMap(({ lacksKey }) => lacksKey ?? []);
  for (const key of new Set(lacking)) {
    const signed = lacking.filter((each) => each === key).length;
    print(`✗ checkpoints signed with the key ${key}, which RECORDS_SIGNING_KEY lacks: ${String(signed)}`);
  }
  for (const [key, histories] of Object.entries(unplayed))
    print(
      `– histories that were not played again, for PAYLOAD_KEYS lacks the key ${key}: ${String(histories)}`,
    );
  if (checkpoints === 0 && entries > 0)
    print('– no checkpoint: that the end was cut off could not be found out');
  const verdict = found.length === 0 ? 'all as they were written' : `${String(found.length)} faults`;
  print(
    `${String(entries)} entries and ${String(checkpoints - lacking.length)} checkpoints verified: ${verdict}`,
  );
}

/** As `records checkpoint` prints it, or as the webhook `records.checkpoint` has brought it. */
function checkpointIn(file: string): Checkpoint {
  const read = readJson(file).value as Partial<Checkpoint> & { data?: Partial<Checkpoint> };
  const { body, keyId, signature } = read.data ?? read;
  if (typeof body !== 'string' || typeof keyId !== 'string' || typeof signature !== 'string')
    throw new Failed(
      `${file} is no checkpoint: it must have body, keyId and signature, as "preverified records checkpoint" prints them.`,
    );
  return { body, keyId, signature };
}

async function who(subject: string, { json }: { json?: boolean }): Promise<void> {
  const [{ subjectOf, whoHad }, { phoneNumberFault }] = await Promise.all([
    import('../audit/who'),
    import('../contract/phone-number'),
  ]);
  if (subject.trim() === '') throw new Failed('Name a number, a WABA or a customer: this is empty.');
  // Only a number begins so: a typo in it must not pass for a number that nobody had.
  const fault = /^\s*\+/.test(subject) ? phoneNumberFault(subject) : null;
  if (fault !== null) throw new Failed(`${subject} is not a phone number: ${fault}.`);
  await withRecords(async (records, settings) => {
    const holdings = await withTemporal(settings, (client) => whoHad(client, records, subjectOf(subject)));
    if (json) printJson(holdings);
    else if (holdings.length === 0)
      print(`nobody, as far as is known: no number, WABA or customer "${subject}" was found`);
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
  const [{ appendRelease, holderOf }, { phoneNumberFault, readWrittenOrDigits }] = await Promise.all([
    import('../records'),
    import('../contract/phone-number'),
  ]);
  const read = readWrittenOrDigits(number);
  if (!read) throw new Failed(`${number} is not a phone number: ${String(phoneNumberFault(number))}.`);
  await withRecords(async (_, settings) =>
    writable(settings, async (records) => {
      const holder = await holderOf(records, read.digits);
      if (!holder) throw new Failed(`Nobody has ${read.e164}, as far as records know.`);
      await appendRelease(records, { phoneNumber: holder.phoneNumber, by, reason });
      print(
        `${read.e164} was given back by ${holder.customerId ?? `WABA ${holder.wabaId}`}: "preverified add ${read.e164} --again" begins its next life`,
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
