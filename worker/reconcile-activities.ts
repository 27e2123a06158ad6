import type { Client } from '@temporalio/client';
import type { PortfolioId } from '../contract/ids';
import type { OurNumber, ReconcileActivities, UnreadableNumber } from '../contract/reconcile-activities';
import { statedAttributes } from '../contract/search-attributes';
import { workflowIdOf } from '../contract/workflow-ids';
import { addNumber } from '../client/pool/add';
import { RefusedError } from '../client/pool/refused-error';
import { decodeTypedSearchAttributes } from '../temporal/sdk-internals';
import { readingClient, unreadableKey } from '../temporal/reading-client';
import { runOf, type Run } from '../client/pool/run';

/** The activities of a reconciliation that ask Temporal, for a worker of the numbers' task queue. */
export const createReconcileActivities = (client: Client): ReconcileActivities => ({
  findOurs: ({ phoneNumbers }) => findOurs(client, phoneNumbers),
  listUnclaimed: ({ portfolioId, after }) => listUnclaimed(client, portfolioId, after),
  async adoptNumber({ portfolioId, phoneNumber }) {
    try {
      const { outcome } = await addNumber(client, phoneNumber, { portfolioId, by: 'reconcile' });
      return { outcome };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return { outcome: 'refused', reason: error.message };
    }
  },
});

async function findOurs(client: Client, phoneNumbers: readonly string[]): Promise<OurNumber[]> {
  const ids = phoneNumbers
    .filter((digits) => /^\d+$/.test(digits))
    .map((digits) => `'${workflowIdOf(digits)}'`);
  if (ids.length === 0) return [];
  const query = `WorkflowType = 'numberLifecycle' AND WorkflowId IN (${ids.join(', ')})`;
  const found = new Map<string, OurNumber>();
  // Temporal lists the newest run first.
  for await (const info of readingClient(client).workflow.list({ query })) {
    const digits = digitsOf(info.workflowId);
    // The state of a run that was continued is out of date, and that of one that failed or was terminated says nothing.
    if (found.has(digits) || !['RUNNING', 'COMPLETED'].includes(info.status.name)) continue;
    found.set(digits, ourNumber(runOf(digits, info)));
  }
  return [...found.values()];
}

export const ourNumber = ({ digits, state, attributes, endedAt, unreadable }: Run): OurNumber => ({
  phoneNumber: digits,
  state: state ?? 'Added',
  expiresAt: attributes.VerificationExpiresAt === null ? null : Date.parse(attributes.VerificationExpiresAt),
  endedAt,
  unreadable,
});

/** A number that is still to be added at Meta has no deadline yet. */
const addedAtMeta = `(NumberState IN ('CodeRequested', 'Verified', 'Unverified') OR (NumberState = 'Added' AND NextDeadline IS NOT NULL))`;
/** Nor has one that no worker can read. */
const perhapsUnread = `(NumberState = 'Added' AND NextDeadline IS NULL)`;

async function listUnclaimed(
  client: Client,
  portfolioId: PortfolioId,
  after: string | null,
): ReturnType<ReconcileActivities['listUnclaimed']> {
  // `client.workflow.list` hides the page token: https://github.com/temporalio/sdk-typescript/issues/1289
  const { executions, nextPageToken } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    pageSize: 100,
    query: [
      `WorkflowType = 'numberLifecycle'`,
      `ExecutionStatus = 'Running'`,
      `PortfolioId = '${portfolioId}'`,
      `(${addedAtMeta} OR ${perhapsUnread})`,
    ].join(' AND '),
    nextPageToken: after === null ? null : Buffer.from(after, 'base64'),
  });
  const items: string[] = [];
  const unreadable: UnreadableNumber[] = [];
  for (const { execution, memo, searchAttributes } of executions) {
    const phoneNumber = digitsOf(execution?.workflowId ?? '');
    const keyId = await unreadableKey(client, memo?.fields?.['addedBy']);
    const { NumberState, NextDeadline } = statedAttributes(
      decodeTypedSearchAttributes(searchAttributes?.indexedFields),
    );
    if (keyId !== null) unreadable.push({ phoneNumber, keyId });
    else if (NumberState !== 'Added' || NextDeadline !== null) items.push(phoneNumber);
  }
  return {
    items,
    unreadable,
    after: nextPageToken.length > 0 ? Buffer.from(nextPageToken).toString('base64') : null,
  };
}

const digitsOf = (workflowId: string) => workflowId.slice(workflowIdOf('').length);
