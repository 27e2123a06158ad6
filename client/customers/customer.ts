import { WorkflowNotFoundError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import * as v from 'valibot';
import {
  readCustomerMessage,
  type CustomerMessageName,
  type CustomerMessagePayload,
} from '../../contract/customer-messages';
import { customerStates, type CustomerRecord, type CustomerState } from '../../contract/customer-record';
import { PortfolioId, WabaId } from '../../contract/ids';
import { describeIssue } from '../../contract/messages';
import { statedAttributes } from '../../contract/search-attributes';
import { customerWorkflowIdOf, wabaIdIn } from '../../contract/workflow-ids';
import type { Instant } from '../../contract/number-record';
import { isNotFound } from '../../temporal/not-found';
import { readingClient } from '../../temporal/reading-client';
import { asked, askedAgain } from '../pool/answer';
import { defined } from '../pool/defined';
import { is } from '../pool/filter';
import { RefusedError } from '../pool/refused-error';
import type { Sender } from '../pool/send';

/** A customer as Temporal's list knows them: a moment behind, and without asking their workflow. */
export interface ListedCustomer {
  wabaId: string;
  state: CustomerState;
  customerId: string | null;
  portfolioId: string | null;
  /** The problem's code. */
  problem: string | null;
  /** The same code where a person has to act. */
  needsPerson: string | null;
  /** When their run began: ISO 8601 UTC. */
  startedAt: Instant;
}

const Filter = v.strictObject({
  state: v.optional(v.picklist(customerStates, `state must be one of ${customerStates.join(', ')}`)),
  customerId: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(200))),
  portfolioId: v.optional(PortfolioId),
  problem: v.optional(v.literal(true)),
});
export type CustomerFilter = v.InferInput<typeof Filter>;

/** @throws {RefusedError} `InvalidMessage` */
export function checkedWabaId(wabaId: unknown): WabaId {
  const read = v.safeParse(WabaId, wabaId);
  if (read.success) return read.output;
  throw new RefusedError('InvalidMessage', `${describeIssue(read.issues[0])}.`, String(wabaId).slice(0, 40));
}

/** A customer as they stand; one who has left, as they left. @throws {RefusedError} `UnknownCustomer` */
export async function getCustomer(client: Client, wabaId: WabaId, within: number): Promise<CustomerRecord> {
  const handle = client.workflow.getHandle(customerWorkflowIdOf(wabaId));
  const { status, runId } = await orNotWithUs(wabaId, () =>
    readingClient(client).workflow.getHandle(customerWorkflowIdOf(wabaId)).describe(),
  );
  if (status.name === 'COMPLETED')
    return (await client.workflow.getHandle(customerWorkflowIdOf(wabaId), runId).result()) as CustomerRecord;
  if (status.name !== 'RUNNING')
    throw new RefusedError(
      'WrongState',
      `The workflow of WABA ${wabaId} has ${status.name === 'FAILED' ? 'failed' : `been ${status.name.toLowerCase()}`}: connect begins anew.`,
      wabaId,
    );
  return askCustomer(client, wabaId, { name: 'getCustomer', within }, () =>
    askedAgain(() => handle.query<CustomerRecord>('getCustomer')),
  );
}

/** Whether the customer's last life is over; not so where they have had none, or it was ended from outside. */
export async function hasLeft(client: Client, wabaId: WabaId): Promise<boolean> {
  try {
    const { status } = await readingClient(client)
      .workflow.getHandle(customerWorkflowIdOf(wabaId))
      .describe();
    return status.name === 'COMPLETED';
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Sends a message and answers with the customer's record once its effect is settled. @throws {RefusedError} */
export async function updateCustomer<Name extends CustomerMessageName>(
  { client, updates, by, answerWithin, checkKeys }: Sender,
  name: Name,
  wabaId: WabaId,
  payload: CustomerMessagePayload<Name>,
): Promise<CustomerRecord> {
  const message = checkedMessage(name, wabaId, payload, by);
  return askCustomer(client, wabaId, { name, within: answerWithin }, async () => {
    await checkKeys();
    return updates.execute(customerWorkflowIdOf(wabaId), name, message, answerWithin);
  });
}

/** Sends a message without waiting. @throws {RefusedError} `UnknownCustomer` where no life is under way */
export async function signalCustomer<Name extends CustomerMessageName>(
  { client, by, answerWithin, checkKeys }: Sender,
  name: Name,
  wabaId: WabaId,
  payload: CustomerMessagePayload<Name>,
): Promise<void> {
  const message = checkedMessage(name, wabaId, payload, by);
  await askCustomer(client, wabaId, { name, within: answerWithin }, async () => {
    await checkKeys();
    await client.workflow.getHandle(customerWorkflowIdOf(wabaId)).signal(name, message);
  });
}

/** The payload as it is sent, found good before anything is written. */
export function checkedMessage<Name extends CustomerMessageName>(
  name: Name,
  wabaId: WabaId,
  payload: CustomerMessagePayload<Name>,
  by: string | undefined,
): CustomerMessagePayload<Name> {
  const given = readCustomerMessage(name, payload);
  const message = { ...(by !== undefined && { by }), ...defined({ ...(payload as object) }) };
  const read = given.ok ? readCustomerMessage(name, message) : given;
  if (read.ok) return message;
  throw new RefusedError('InvalidMessage', `${name} was not sent to WABA ${wabaId}: ${read.fault}.`, wabaId);
}

/** The customers that a filter admits, each once, newest first. */
export async function* listCustomers(
  client: Client,
  filter: CustomerFilter,
): AsyncGenerator<ListedCustomer, void, undefined> {
  const read = v.safeParse(Filter, filter);
  if (!read.success)
    throw new RefusedError(
      'InvalidMessage',
      `The customers were not listed: ${describeIssue(read.issues[0])}.`,
      '',
    );
  const { state, customerId, portfolioId, problem } = read.output;
  const query = [
    `WorkflowType = 'customerLifecycle'`,
    `ExecutionStatus IN ('Running', 'Completed')`,
    state && `CustomerState = '${state}'`,
    customerId && is('CustomerId', customerId),
    portfolioId && `PortfolioId = '${portfolioId}'`,
    problem && 'Problem IS NOT NULL',
  ];
  const seen = new Set<string>();
  const found = readingClient(client).workflow.list({
    query: query.filter(Boolean).join(' AND '),
    pageSize: 1000,
  });
  for await (const info of found) {
    const listed = listedCustomer(info);
    // Of one who came back the newest life counts.
    if (seen.has(listed.wabaId)) continue;
    seen.add(listed.wabaId);
    if (customerId !== undefined && listed.customerId !== customerId) continue;
    if (info.status.name === 'RUNNING' || (await isNewest(client, info))) yield listed;
  }
}

/** A filter may admit the run of somebody who left, and not the one with which they have come back. */
async function isNewest(client: Client, { workflowId, runId }: WorkflowExecutionInfo): Promise<boolean> {
  try {
    return (await readingClient(client).workflow.getHandle(workflowId).describe()).runId === runId;
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}

function listedCustomer({
  workflowId,
  typedSearchAttributes,
  startTime,
}: WorkflowExecutionInfo): ListedCustomer {
  const attributes = statedAttributes(typedSearchAttributes);
  return {
    wabaId: wabaIdIn(workflowId),
    state: (attributes.CustomerState ?? 'Signing') as CustomerState,
    customerId: attributes.CustomerId,
    portfolioId: attributes.PortfolioId,
    problem: attributes.Problem,
    needsPerson: attributes.NeedsPerson,
    startedAt: startTime.toISOString(),
  };
}

const askCustomer = <Answer>(
  client: Client,
  wabaId: WabaId,
  { name, within }: { name: string; within: number },
  ask: () => Promise<Answer>,
) =>
  asked(client, { subject: `WABA ${wabaId}`, id: wabaId, name, within }, ask, () =>
    Promise.resolve(notWithUs(wabaId)),
  );

async function orNotWithUs<Answer>(wabaId: WabaId, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw notWithUs(wabaId);
    throw error;
  }
}

const notWithUs = (wabaId: WabaId) =>
  new RefusedError(
    'UnknownCustomer',
    `WABA ${wabaId} is no customer of ours, or has left: connect begins with it.`,
    wabaId,
  );
