import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import { latestCustomerChartVersion } from '../../contract/chart-version';
import type { CustomerMessagePayload } from '../../contract/customer-messages';
import type { CustomerStartInput } from '../../contract/customer-start';
import { firstCustomerAttributes } from '../../contract/search-attributes';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { lastLine } from '../../contract/ui-text';
import { customerWorkflowIdOf } from '../../contract/workflow-ids';

/** Whose life begins, and in whose name. */
export interface NewCustomer {
  wabaId: string;
  portfolioId: string;
  /** Whose WABA it is, where Meta has said so. */
  businessId?: string;
  by: string;
}

/**
 * Begins a customer's life, where none is under way: their token may come for five minutes. One who has left begins anew.
 * Of one who lives nothing is written.
 */
export async function beginCustomer(client: Client, customer: NewCustomer): Promise<void> {
  await client.workflow.start('customerLifecycle', options(customer));
}

/**
 * Has a customer connected now, or what failed tried again, and begins their life where none is under way. Settles once
 * Temporal holds it.
 */
export async function connectCustomer(
  client: Client,
  customer: NewCustomer,
  payload: CustomerMessagePayload<'connect'>,
): Promise<void> {
  await client.workflow.signalWithStart('customerLifecycle', {
    ...options(customer),
    signal: 'connect',
    signalArgs: [payload],
  });
}

const options = ({ wabaId, portfolioId, businessId, by }: NewCustomer) => ({
  workflowId: customerWorkflowIdOf(wabaId),
  workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  taskQueue: NUMBERS_TASK_QUEUE,
  args: [
    {
      ...{ wabaId, portfolioId, chartVersion: latestCustomerChartVersion },
      ...(businessId !== undefined && { businessId }),
    } satisfies CustomerStartInput,
  ],
  typedSearchAttributes: firstCustomerAttributes(portfolioId, wabaId),
  // In every memo something is encrypted, so that a list tells which cannot be read.
  memo: { addedBy: by },
  staticSummary: `Customer of WABA ${wabaId} · portfolio ${portfolioId}`,
  staticDetails: `What must happen before the customer of **WABA ${wabaId}** can send messages, and what is taken back when they leave.

The current details say where it stands and what you can send it.

Begun by ${by}.${lastLine}`,
});
