import type { Client } from '@temporalio/client';
import type { PortfolioId } from '../../contract/ids';
import type { Instant } from '../../contract/number-record';
import { readingClient } from '../../temporal/reading-client';
import type { UnreadableNumber } from '../../contract/reconcile-activities';
import { digitsIn } from '../../contract/workflow-ids';
import { freeNumbers } from '../../client/pool/filter';
import { runOf } from '../../client/pool/run';

/** A number with a deadline close by, as Temporal lists it: what its `warning.*` event holds. */
export interface NumberAtRisk {
  phoneNumber: string;
  state: string;
  country: string | null;
  wabaId: string | null;
  customerId: string | null;
  verificationExpiresAt: Instant | null;
  nextDeadline: Instant | null;
  /** The problem's code. */
  problem: string | null;
}

/** Verified numbers whose verification ends by `at`, in epoch milliseconds, or has ended already. */
export const expiringBefore = (client: Client, portfolioId: PortfolioId, at: number) =>
  list(client, runningQuery(portfolioId, 'Verified', `VerificationExpiresAt <= '${instant(at)}'`));

/** Claimed numbers that must be registered by `at`, in epoch milliseconds. */
export const registeringBefore = (client: Client, portfolioId: PortfolioId, at: number) =>
  list(client, runningQuery(portfolioId, 'Claimed', `NextDeadline <= '${instant(at)}'`));

/** Numbers of a country that a customer could be offered at `at`: free now, and verified until then. */
export async function countFree(
  client: Client,
  portfolioId: PortfolioId,
  country: string,
  at: number,
): Promise<number> {
  const free = `Country = '${country}' AND VerificationExpiresAt > '${instant(at)}' AND ${freeNumbers}`;
  return (await client.workflow.count(runningQuery(portfolioId, undefined, free))).count;
}

/** Workflow IDs of the portfolio's numbers whose workflows run. */
export async function* runningIds(
  client: Client,
  portfolioId: PortfolioId,
): AsyncGenerator<string, void, undefined> {
  for await (const { workflowId } of readingClient(client).workflow.list({
    query: runningQuery(portfolioId),
    pageSize: 1000,
  }))
    yield workflowId;
}

/** Numbers that the workers lack the key of: nothing moves them, whatever is due. */
export async function unreadableNumbers(
  client: Client,
  portfolioId: PortfolioId,
): Promise<(UnreadableNumber & { startedAt: number })[]> {
  const found: (UnreadableNumber & { startedAt: number })[] = [];
  const query = runningQuery(portfolioId);
  for await (const info of readingClient(client).workflow.list({ query, pageSize: 1000 })) {
    const { digits, unreadable, startedAt } = runOf(digitsIn(info.workflowId), info);
    if (unreadable !== null) found.push({ phoneNumber: digits, keyId: unreadable, startedAt });
  }
  return found;
}

const runningQuery = (portfolioId: PortfolioId, state?: string, condition?: string) =>
  [
    `WorkflowType = 'numberLifecycle'`,
    `ExecutionStatus = 'Running'`,
    `PortfolioId = '${portfolioId}'`,
    state && `NumberState = '${state}'`,
    condition,
  ]
    .filter(Boolean)
    .join(' AND ');

const instant = (at: number) => new Date(at).toISOString();

async function list(client: Client, query: string): Promise<NumberAtRisk[]> {
  const numbers: NumberAtRisk[] = [];
  for await (const info of readingClient(client).workflow.list({ query, pageSize: 1000 })) {
    const phoneNumber = digitsIn(info.workflowId);
    const { NumberState, Country, WabaId, CustomerId, VerificationExpiresAt, NextDeadline, Problem } = runOf(
      phoneNumber,
      info,
    ).attributes;
    numbers.push({
      phoneNumber,
      state: NumberState ?? '',
      country: Country,
      wabaId: WabaId,
      customerId: CustomerId,
      verificationExpiresAt: VerificationExpiresAt,
      nextDeadline: NextDeadline,
      problem: Problem,
    });
  }
  return numbers;
}
