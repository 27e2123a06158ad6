import type { Command } from 'commander';
import type { NumberPool, NumberRecord } from '../client/index';
import { problemText, whatComesNext, where } from './sentences';
import { orDash, print, printJson, printTable, time } from './print';
import { jsonOption, withPool } from './with-pool';

export function registerShow(program: Command): void {
  program
    .command('show')
    .description('one number as it stands, and how it came there')
    .argument('<number>')
    .addOption(jsonOption())
    .action(async (number: string, { json }: { json?: boolean }) => {
      const { record, removal } = await withPool('preverified show', async (pool) => {
        const read = await pool.get(number);
        return { record: read, removal: read.state === 'Removed' ? await removalOf(pool, number) : null };
      });
      if (json) printJson({ ...record, ...(removal && { removal }) });
      else show(record, removal);
    });
}

/** Who took a number out of the pool, and what for. */
interface Removal {
  at: string;
  by: string;
  /** `null` where none was given. */
  reason: string | null;
}

/** From its history, for the record holds what a number is, and not why. `null` where 90 days had passed unverified. */
async function removalOf({ client }: NumberPool, number: string): Promise<Removal | null> {
  const { auditLives } = await import('../audit');
  const rows = (await auditLives(client, number)).at(-1)?.runs.flatMap((run) => run.rows) ?? [];
  // The last of them had its effect: after it there is no more.
  const row = rows.findLast(({ what }) => /^(signal|update) (remove|endClaim)$/.test(what));
  return row ? { at: row.at, by: row.who, reason: reasonIn(row.detail) } : null;
}

const reasonIn = (detail: string) => /(?:^|, )reason: (.*)$/.exec(detail)?.[1] ?? null;

function show(record: NumberRecord, removal: Removal | null): void {
  const rows = facts(record);
  if (removal) {
    rows.push([
      'Removed',
      `${time(removal.at)} by ${removal.by}${removal.reason === null ? ', without a reason' : `: ${removal.reason}`}`,
    ]);
  }
  printTable(['', `+${record.phoneNumber}`], rows);
  if (record.transitions.length > 0) {
    print('');
    printTable(
      ['When', 'From', 'To', 'By what', 'By whom'],
      record.transitions.map(({ at, from, to, event, by }) => [time(at), from, to, event, orDash(by)]),
    );
  }
  print(`\nWhat comes next: ${whatComesNext(record)}`);
}

function facts(record: NumberRecord): string[][] {
  const { claim, nextDeadline, problem, requestedCode, reservation, lastRefusal } = record;
  return [
    ['State', where(record)],
    ['Portfolio', record.portfolioId],
    ['Pre-verified ID', orDash(record.preverifiedId)],
    [
      'Verified',
      record.verifiedAt ? `${time(record.verifiedAt)}, until ${time(record.verificationExpiresAt)}` : '–',
    ],
    [
      'Code',
      requestedCode
        ? `asked by ${requestedCode.method} on ${time(requestedCode.at)}, good until ${time(requestedCode.goodUntil)}${requestedCode.certain ? '' : '; whether it was sent is not known'}`
        : '–',
    ],
    ['Can be verified anew from', time(record.reverifyFrom)],
    ['Next deadline', nextDeadline ? `${time(nextDeadline.at)}: ${nextDeadline.what}` : '–'],
    [
      'Claimed',
      claim ? `${time(claim.claimedAt)} by WABA ${claim.wabaId}, reported by ${claim.source}` : '–',
    ],
    ['Business phone number ID', orDash(claim?.phoneNumberId ?? null)],
    ['Customer', orDash(claim?.customerId ?? null)],
    ['Registered', time(record.registeredAt)],
    ['Reserved', reservation ? `for ${reservation.customerId} until ${time(reservation.until)}` : '–'],
    ['Shared with', record.sharedWith.join(', ') || '–'],
    ['Problem', problem ? `${problemText(problem)} (since ${time(problem.since)})` : '–'],
    [
      'Last refusal',
      lastRefusal
        ? `${time(lastRefusal.at)}, ${lastRefusal.name} of ${lastRefusal.by ?? 'nobody by name'}: ${lastRefusal.message}`
        : '–',
    ],
  ];
}
