import { continueAsNew, defineQuery, setHandler, workflowInfo } from '@temporalio/workflow';
import { latestCustomerChartVersion } from '../../contract/chart-version';
import { customerMessageDescriptions } from '../../contract/customer-messages';
import type { CustomerRecord } from '../../contract/customer-record';
import { readCustomerStart, type CustomerStartInput } from '../../contract/customer-start';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { customerWorkflowIdOf } from '../../contract/workflow-ids';
import { runLife } from '../interpreter/durable-chart';
import type { Child } from '../interpreter/interpretation';
import { callActivity } from '../life/call-activity';
import { invalid, LifeOnTemporal } from '../life/life-on-temporal';
import { CustomerLife, type CarriedCustomer } from './customer-life';
import { callSummary, currentDetails, timerSummary } from './ui-text';

export const getCustomer = defineQuery<CustomerRecord>('getCustomer');

/**
 * A customer's life with us, from their signup until they leave, under the workflow ID `customer:<wabaId>`.
 *
 * @param carried what an earlier run of the same customer handed on; never given by a caller
 * @returns the customer's record, once they have left
 * @throws ApplicationFailure of type `InvalidMessage` on bad input
 */
export async function customerLifecycle(
  input: CustomerStartInput,
  carried?: CarriedCustomer,
): Promise<CustomerRecord> {
  const read = readCustomerStart(input);
  if (!read.ok) throw invalid(`The customer was not begun: ${read.fault}.`);
  const { wabaId, portfolioId, chartVersion } = read.start;
  const expected = customerWorkflowIdOf(wabaId);
  if (workflowInfo().workflowId !== expected) {
    throw invalid(
      `The customer was not begun: the workflow ID must be ${expected}, so that each has only one life.`,
    );
  }
  const life = new CustomerLife(read.start, carried, Date.now());
  const customer = new LifeOnTemporal(life, {
    call: (child) => call(child, portfolioId),
    timerSummary,
    details: () => currentDetails(life.chart, life.now, life.record(), Date.now()),
    attributes: () => life.attributes(),
    name: `WABA ${wabaId}`,
  });
  setHandler(getCustomer, () => life.record(), {
    description: 'The customer as they stand: steps, token, numbers, problem.',
  });
  customer.receive(customerMessageDescriptions);

  const latest = latestCustomerChartVersion;
  const end = await runLife(customer, { version: chartVersion, latest });
  if (end !== 'ended') {
    const next = end === 'outdated' ? latest : chartVersion;
    await continueAsNew<typeof customerLifecycle>({ ...input, chartVersion: next }, customer.carry(next));
  }
  return life.record();
}

/** Somebody waits for a customer's calls, but for what is read again. Records are with the numbers' workers. */
function call(child: Child, portfolioId: string): Promise<unknown> {
  const { src, input } = child;
  const priority = { priorityKey: src === 'readCustomer' ? 4 : 2, fairnessKey: portfolioId };
  const where =
    src === 'closeCustomer'
      ? { taskQueue: NUMBERS_TASK_QUEUE, startToCloseTimeout: '5 minutes' as const }
      : { priority };
  return callActivity(src, input, { ...where, summary: callSummary(child) });
}
