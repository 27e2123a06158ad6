import type { Client } from '@temporalio/client';
import type { PortfolioId } from '../../contract/ids';
import type { OurNumber, Part } from '../../contract/reconcile-activities';
import { workflowIdOf } from '../../contract/workflow-ids';
import { runOf, type Run } from '../pool/run';

/** The latest life of each number that has one, from Temporal's list, which is newest first. */
export async function findOurs(client: Client, phoneNumbers: readonly string[]): Promise<OurNumber[]> {
  const ids = phoneNumbers
    .filter((digits) => /^\d+$/.test(digits))
    .map((digits) => `'${workflowIdOf(digits)}'`);
  if (ids.length === 0) return [];
  const query = `WorkflowType = 'numberLifecycle' AND WorkflowId IN (${ids.join(', ')})`;
  const found = new Map<string, OurNumber>();
  for await (const info of client.workflow.list({ query })) {
    const digits = digitsOf(info.workflowId);
    // A run that was continued goes on in another; one that failed or was terminated is no life to go by.
    if (found.has(digits) || !['RUNNING', 'COMPLETED'].includes(info.status.name)) continue;
    found.set(digits, ourNumber(runOf(digits, info)));
  }
  return [...found.values()];
}

export const ourNumber = ({ digits, state, attributes, endedAt }: Run): OurNumber => ({
  phoneNumber: digits,
  state: state ?? 'Added',
  expiresAt: attributes.VerificationExpiresAt === null ? null : Date.parse(attributes.VerificationExpiresAt),
  endedAt,
});

/**
 * The portfolio's numbers that should be in Meta's pool, page by page, as digits. One that is still to be added there
 * has no deadline yet.
 */
export async function listUnclaimed(
  client: Client,
  portfolioId: PortfolioId,
  after: string | null,
): Promise<Part<string>> {
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    pageSize: 100,
    query: [
      `WorkflowType = 'numberLifecycle'`,
      `ExecutionStatus = 'Running'`,
      `PortfolioId = '${portfolioId}'`,
      `(NumberState IN ('CodeRequested', 'Verified', 'Unverified') OR (NumberState = 'Added' AND NextDeadline IS NOT NULL))`,
    ].join(' AND '),
    nextPageToken: after === null ? null : Buffer.from(after, 'base64'),
  });
  return {
    items: executions.map(({ execution }) => digitsOf(execution?.workflowId ?? '')),
    after: nextPageToken.length > 0 ? Buffer.from(nextPageToken).toString('base64') : null,
  };
}

const digitsOf = (workflowId: string) => workflowId.slice(workflowIdOf('').length);
