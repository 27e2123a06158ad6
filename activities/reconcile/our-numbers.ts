import type { Client } from '@temporalio/client';
import { runOf } from '../../client/pool/run';
import { workflowIdOf } from '../../workflows/workflow-id';
import type { OurNumber, ReconcileActivities } from './interface';

/** Numbers of one query to Temporal's list. */
const PAGE = 100;

/** The latest life of each number that has one: the list is newest first. */
export async function findOurs(
  client: Client,
  { phoneNumbers }: Parameters<ReconcileActivities['findOurs']>[0],
): Promise<OurNumber[]> {
  const ids = phoneNumbers.filter((digits) => /^\d+$/.test(digits)).map((digits) => `'${workflowIdOf(digits)}'`);
  if (ids.length === 0) return [];
  const query = `WorkflowType = 'numberLifecycle' AND WorkflowId IN (${ids.join(', ')})`;
  const found = new Map<string, OurNumber>();
  for await (const info of client.workflow.list({ query, pageSize: PAGE * 2 })) {
    const digits = digitsOf(info.workflowId);
    // One that was continued goes on in another run; one that failed or was terminated is no life to go by.
    if (found.has(digits) || !['RUNNING', 'COMPLETED'].includes(info.status.name)) continue;
    const { attributes, state } = runOf(digits, info);
    found.set(digits, {
      phoneNumber: digits,
      portfolioId: attributes.PortfolioId,
      state: state ?? 'Added',
      expiresAt: attributes.VerificationExpiresAt === null ? null : Date.parse(attributes.VerificationExpiresAt),
      endedAt: info.closeTime?.getTime() ?? null,
    });
  }
  return [...found.values()];
}

/** A number that is still to be added at Meta has no deadline yet. */
export async function listUnclaimed(
  client: Client,
  { portfolioId, after }: Parameters<ReconcileActivities['listUnclaimed']>[0],
): ReturnType<ReconcileActivities['listUnclaimed']> {
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    pageSize: PAGE,
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
