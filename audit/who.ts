import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { Holding } from '../contract/holding';
import type { NumberRecord } from '../contract/number-record';
import { readDigits, readPhoneNumber, writtenForms } from '../contract/phone-number';
import { digitsIn, workflowIdOf } from '../contract/workflow-ids';
import { readingClient } from '../temporal/reading-client';
import { runOf, type Run } from '../client/pool/run';
import { recordOf } from '../client/pool/get';
import { RefusedError } from '../client/pool/refused-error';
import { findHoldings, knownRuns, type Records, type Subject } from '../records';

/** What somebody looks for: a number as people write it, a WABA ID or our ID of a customer. One text may be all three. */
export function subjectOf(text: string): Subject {
  const number = readPhoneNumber(text) ?? readDigits(text);
  return {
    ...(number && { phoneNumber: number.digits }),
    ...(/^\d{1,32}$/.test(text) && { wabaId: text }),
    customerId: text,
  };
}

/** Numbers that are asked at a time. */
const CONCURRENCY = 20;

/** Hears of a number that cannot be asked now. */
type Unasked = (error: unknown) => void;

/**
 * Who had which number from when to when, oldest first: from records, and from Temporal what is not in them yet.
 *
 * @param unasked a number that cannot be asked now is left out; by default its search attributes answer, which do not say
 *   when it was claimed
 */
export async function whoHad(
  client: Client | null,
  records: Records | null,
  subject: Subject,
  unasked?: Unasked,
): Promise<Holding[]> {
  const kept = records ? await findHoldings(records, subject) : [];
  const living = client ? await holdingsIn(client, records, subject, unasked) : [];
  // A number that has been claimed again is no longer with whom it was before.
  const ended = [...kept, ...living].map((one) => {
    const next = living.find((other) => sameNumber(one, other) && other.from > one.from);
    return one.to === null && next ? { ...one, to: next.from } : one;
  });
  return ended.sort((one, other) => one.from.localeCompare(other.from));
}

const sameNumber = (one: Holding, other: Holding) =>
  writtenForms(one.phoneNumber).includes(other.phoneNumber);

async function holdingsIn(
  client: Client,
  records: Records | null,
  subject: Subject,
  unasked?: Unasked,
): Promise<Holding[]> {
  const { phoneNumber, wabaId, customerId } = subject;
  const ids =
    phoneNumber === undefined ? [] : writtenForms(phoneNumber).map((form) => quoted(workflowIdOf(form)));
  const conditions = [
    ...(ids.length > 0 ? [`WorkflowId IN (${ids.join(', ')})`] : []),
    ...(wabaId === undefined ? [] : [`WabaId = ${quoted(wabaId)}`]),
    // Temporal's list language never matches a text with such a character in it (client/pool/filter.ts has more of that).
    ...(customerId === undefined || /["\\\p{Cc}]/u.test(customerId)
      ? []
      : [`CustomerId = ${quoted(customerId)}`]),
  ];
  if (conditions.length === 0) return [];
  const query = `WorkflowType = 'numberLifecycle' AND ExecutionStatus != 'ContinuedAsNew' AND WabaId IS NOT NULL AND (${conditions.join(' OR ')})`;
  const runs: Run[] = [];
  for await (const info of readingClient(client).workflow.list({ query }))
    runs.push(runOf(digitsIn(info.workflowId), info));
  const known = records
    ? await knownRuns(
        records,
        runs.map(({ runId }) => runId),
      )
    : new Set<string>();
  const unknown = runs.filter(({ runId }) => !known.has(runId));
  const limit = pLimit(CONCURRENCY);
  const found = unknown.map((run) =>
    limit(async () => {
      try {
        return await holdingOf(client, run, unasked !== undefined);
      } catch (error) {
        unasked?.(error);
        return null;
      }
    }),
  );
  return (await Promise.all(found)).filter((one) => one !== null);
}

const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** From the number's own record, or where that cannot be had (no worker, a run that failed), from its search attributes. */
async function holdingOf(client: Client, run: Run, mustAnswer: boolean): Promise<Holding | null> {
  const { digits, state, attributes, startedAt } = run;
  const record = await recordNow(client, run, mustAnswer);
  const claim = record?.claim ?? {
    wabaId: attributes.WabaId ?? '',
    phoneNumberId: null,
    customerId: attributes.CustomerId,
    claimedAt: new Date(startedAt).toISOString(),
    source: 'searchAttributes',
  };
  if (claim.wabaId === '') return null;
  return {
    phoneNumber: digits,
    wabaId: claim.wabaId,
    phoneNumberId: claim.phoneNumberId,
    customerId: claim.customerId,
    from: claim.claimedAt,
    to: null,
    state: record?.state ?? state ?? 'Claimed',
    source: claim.source,
  };
}

/** `null` where it can never be had: a run that failed, or one whose key the reader lacks. */
async function recordNow(client: Client, run: Run, mustAnswer: boolean): Promise<NumberRecord | null> {
  if (run.status !== 'RUNNING' && run.status !== 'COMPLETED') return null;
  try {
    return await recordOf(client, run, 10_000);
  } catch (error) {
    if (mustAnswer && !(error instanceof RefusedError)) throw error;
    return null;
  }
}
