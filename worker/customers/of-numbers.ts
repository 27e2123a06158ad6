import { Runtime } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import type { CustomersOfNumbers } from '../../activities';
import type { CustomerActivitiesOptions, OurNumber } from '../../activities/customers';
import { keptPin } from '../../audit/kept-registration';
import { beginCustomer } from '../../client/customers/begin';
import { lastSetting, registrationOf } from '../../client/pool/registration';
import { findRun, rememberedLife, runOf, type Run } from '../../client/pool/run';
import type { CustomerMessageName, CustomerMessagePayload } from '../../contract/customer-messages';
import type { WabaId } from '../../contract/ids';
import { canonicalDigits, sameNumber } from '../../contract/phone-number';
import type { PinSet } from '../../contract/pin-reading';
import { statedAttributes } from '../../contract/search-attributes';
import { customerWorkflowIdOf, digitsIn } from '../../contract/workflow-ids';
import { heldBy, knownRuns, returnTo, type Records } from '../../records';
import { isNotFound } from '../../temporal/not-found';
import { readingClient } from '../../temporal/reading-client';

/** Why the code of a WABA's signup brought no token, as the gateway's records have it. */
export type CodeFailureOf = (wabaId: WabaId, phoneNumber: string) => Promise<{ problem: string } | null>;

/** What the numbers' activities know of customers reaches the customers' workflows. */
export const customersOfNumbers = (client: Client, codeFailureOf: CodeFailureOf): CustomersOfNumbers => ({
  async claimed({ wabaId, portfolioId, phoneNumber }) {
    const by = 'a confirmed claim';
    await beginCustomer(client, { wabaId, portfolioId, by });
    const failed = await codeFailureOf(wabaId, phoneNumber).catch((error: unknown) => {
      // Records that cannot be read hold no claim up.
      Runtime.instance().logger.warn(`Why WABA ${wabaId} has no token cannot be read: ${String(error)}`);
      return null;
    });
    if (failed) await signalCustomer(client, wabaId, 'connect', { codeProblem: failed.problem, by });
  },
  async registered({ wabaId, phoneNumber }) {
    try {
      await signalCustomer(client, wabaId, 'refresh', { phoneNumber, by: 'a registration' });
    } catch (error) {
      // The number is registered, and must not be once more because its customer cannot be told.
      Runtime.instance().logger.warn(
        `WABA ${wabaId} was not told that +${phoneNumber} is registered: ${String(error)}`,
      );
    }
  },
});

/** Signals a customer's workflow; where none is under way, nobody is to be told. */
export async function signalCustomer<Name extends CustomerMessageName>(
  client: Client,
  wabaId: string,
  name: Name,
  payload: CustomerMessagePayload<Name>,
): Promise<void> {
  try {
    await client.workflow.getHandle(customerWorkflowIdOf(wabaId)).signal(name, payload);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/**
 * The numbers of ours that a customer has or had: Meta says which of them are on the WABA. Temporal's list is a second or so
 * behind: a number that is named is asked for by itself, and counts as registered, for that is when it is named. Records know
 * those that Temporal has forgotten.
 */
export async function numbersOf(
  { client, records }: Sources,
  wabaId: string,
  phoneNumber: string | null,
): Promise<OurNumber[]> {
  if (phoneNumber !== null) {
    const run = rememberedLife(await findRun(client, phoneNumber));
    if (run) return [{ ...ours(run), registered: true, ended: false, left: false }];
  }
  // By number, the newest of each: last in the records, first in Temporal's list.
  const found = new Map<string, OurNumber>();
  for (const { phoneNumber: digits, customerId, state, left } of await heldBy(records, wabaId))
    found.set(canonicalDigits(digits), {
      ...{ phoneNumber: digits, customerId, left },
      registered: state === 'Registered',
      ended: state !== 'Registered',
    });
  const listed = new Set<string>();
  const query = `WorkflowType = 'numberLifecycle' AND ExecutionStatus IN ('Running', 'Completed') AND NumberState IN ('Claimed', 'Registered', 'Removed') AND WabaId = '${wabaId}'`;
  for await (const info of readingClient(client).workflow.list({ query })) {
    const number = ours(runOf(digitsIn(info.workflowId), info));
    const key = canonicalDigits(number.phoneNumber);
    if (!listed.has(key)) found.set(key, { ...number, left: found.get(key)?.left ?? false });
    listed.add(key);
  }
  const all = [...found.values()];
  return phoneNumber === null ? all : all.filter((one) => sameNumber(one.phoneNumber, phoneNumber));
}

/**
 * Puts on record that a customer who had left with these numbers has come back with them. One that lives, or whose last life
 * is not in the records yet, says by its own claim whose it is.
 */
export async function noteReturn(
  sources: Sources,
  wabaId: WabaId,
  numbers: Parameters<CustomerActivitiesOptions['returned']>[1],
): Promise<void> {
  const { client, records } = sources;
  const returned = [];
  for (const number of numbers) if (await lastLifeIsKept(sources, number.phoneNumber)) returned.push(number);
  if (returned.length === 0) return;
  const { typedSearchAttributes } = await client.workflow.getHandle(customerWorkflowIdOf(wabaId)).describe();
  const { CustomerId: customerId } = statedAttributes(typedSearchAttributes);
  const reason = `WABA ${wabaId} has come back, and Meta shows the number on it`;
  await returnTo(records, wabaId, returned, { customerId, by: 'Meta', reason });
}

async function lastLifeIsKept({ client, records }: Sources, digits: string): Promise<boolean> {
  const run = await findRun(client, digits);
  if (run === null) return true;
  if (run.status === 'RUNNING') return false;
  return run.attributes.WabaId === null || (await knownRuns(records, [run.runId])).has(run.runId);
}

/** Where numbers are looked for. */
interface Sources {
  client: Client;
  records: Records;
}

const ours = ({ digits, state, attributes }: Run): Omit<OurNumber, 'left'> => ({
  phoneNumber: digits,
  customerId: attributes.CustomerId,
  registered: state === 'Registered',
  ended: state === 'Removed',
});

/** The PIN that the number has: the one that was set last, else the one of its registration; `null` where it is not known. */
export async function pinOf({ client, records }: Sources, phoneNumber: string): Promise<string | null> {
  const run = rememberedLife(await findRun(client, phoneNumber));
  if (run === null) {
    const kept = await keptPin(records, client.options.loadedDataConverter, phoneNumber);
    if (!kept) return null;
    return (await setSince(client, kept.phoneNumber, Date.parse(kept.registeredAt))) ?? kept.pin;
  }
  if (run.state !== 'Registered') return null;
  return (await setSince(client, run.digits, run.startedAt)) ?? (await registrationOf(client, run, true)).pin;
}

/** The other PIN that was set last, if any was. @param since epoch milliseconds */
async function setSince(client: Client, digits: string, since: number): Promise<string | null> {
  const setting = await lastSetting(client, digits, since);
  if (!setting) return null;
  const { pin } = (await client.workflow.getHandle(setting.workflowId, setting.runId).result()) as PinSet;
  return pin;
}
