import type { LoggedCall } from '../../simulator/client';
import type { Actors } from './actors';
import type { Evidence } from './judge';
import type { PhoneCompany } from './phone-company';

/** What was played, in a few lines. */
export function summary(
  evidence: Evidence[],
  calls: LoggedCall[],
  { counts }: PhoneCompany,
  actors: Actors,
): string {
  const failed = calls.filter(({ status, answerLost }) => status !== 200 || answerLost);
  return [
    `soak: numbers ended ${tally(evidence.map(({ record }) => (record ? record.state : 'unborn')))}`,
    `soak: ${String(calls.length)} calls to Meta, ${String(failed.length)} of them failed; ${tally(calls.map(({ call }) => call))}`,
    `soak: messages ${Object.entries(counts)
      .map(([what, count]) => `${String(count)} ${what}`)
      .join(', ')}`,
    `soak: an operator was needed ${String(actors.byHand.length)} times: ${tally(actors.byHand.map(({ problem }) => problem))}`,
  ].join('\n');
}

/** All that a number went through, for whoever looks for the cause. */
export function lifeOf({ plan, record, calls }: Evidence): string {
  const lines = calls.map(({ at, call, objectId, params, status, errorCode, answerLost }) =>
    [
      at,
      call,
      objectId,
      params['partner_business_id'] ?? '',
      errorCode ?? status ?? 'dropped',
      answerLost ? 'lost' : '',
    ].join(' '),
  );
  return [JSON.stringify(plan), ...lines, JSON.stringify(record, null, 1)].join('\n');
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${String(count)} ${word}`).join(', ') || 'none';
}
