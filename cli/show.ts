import type { Command } from 'commander';
import type { NumberRecord } from '../client/index';
import { whatComesNext, where } from './sentences';
import { orDash, print, printJson, printTable, time } from './print';
import { jsonOption, withPool } from './with-pool';

export function registerShow(program: Command): void {
  program
    .command('show')
    .description('one number as it stands, and how it came there')
    .argument('<number>')
    .addOption(jsonOption())
    .action(async (number: string, { json }: { json?: boolean }) => {
      const record = await withPool('preverified show', (pool) => pool.get(number));
      if (json) printJson(record);
      else show(record);
    });
}

function show(record: NumberRecord): void {
  printTable(['', `+${record.phoneNumber}`], facts(record));
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
    ['Problem', problem ? `${problem.message} ${problem.whatToDo} (since ${time(problem.since)})` : '–'],
    [
      'Last refusal',
      lastRefusal
        ? `${time(lastRefusal.at)}, ${lastRefusal.name} of ${lastRefusal.by ?? 'nobody by name'}: ${lastRefusal.message}`
        : '–',
    ],
  ];
}
