import type { Client } from '@temporalio/client';
import type { PortfolioId } from '../../contract/ids';
import type { NumberAtRisk } from '../../contract/alerts';
import { runOf } from '../../client/pool/run';

/** Verified numbers of the pool whose verification ends before that moment, late ones too. Epoch milliseconds. */
export const expiringBefore = (client: Client, portfolioId: PortfolioId, at: number) =>
  list(client, living(portfolioId, 'Verified', `VerificationExpiresAt <= '${new Date(at).toISOString()}'`));

/** Claimed numbers that must be registered before that moment. */
export const registeringBefore = (client: Client, portfolioId: PortfolioId, at: number) =>
  list(client, living(portfolioId, 'Claimed', `NextDeadline <= '${new Date(at).toISOString()}'`));

/** Numbers of a country that a customer could be offered now: verified, and nobody has them or holds a reservation. */
export async function countFree(
  client: Client,
  portfolioId: PortfolioId,
  country: string,
  at: number,
): Promise<number> {
  const free = `VerificationExpiresAt > '${new Date(at).toISOString()}' AND Country = '${country}' AND CustomerId IS NULL`;
  return (await client.workflow.count(living(portfolioId, 'Verified', free))).count;
}

/** All numbers of the pool that live, as workflow IDs. */
export async function* livingIds(
  client: Client,
  portfolioId: PortfolioId,
): AsyncGenerator<string, void, undefined> {
  for await (const { workflowId } of client.workflow.list({ query: living(portfolioId), pageSize: 1000 }))
    yield workflowId;
}

const living = (portfolioId: PortfolioId, state?: string, also?: string) =>
  [
    `WorkflowType = 'numberLifecycle'`,
    `ExecutionStatus = 'Running'`,
    `PortfolioId = '${portfolioId}'`,
    state && `NumberState = '${state}'`,
    also,
  ]
    .filter(Boolean)
    .join(' AND ');

async function list(client: Client, query: string): Promise<NumberAtRisk[]> {
  const numbers: NumberAtRisk[] = [];
  for await (const info of client.workflow.list({ query, pageSize: 1000 })) {
    const phoneNumber = info.workflowId.slice('number:'.length);
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
