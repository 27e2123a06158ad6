import { Runtime } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import type { CustomersOfNumbers } from '../../activities';
import type { CustomerActivitiesOptions, OurNumber } from '../../activities/customers';
import { keptPin } from '../../audit/kept-registration';
import { beginCustomer } from '../../client/customers/begin';
import { registrationOf } from '../../client/pool/registration';
import { findRun, runOf, type Run } from '../../client/pool/run';
import type { CustomerMessageName, CustomerMessagePayload } from '../../contract/customer-messages';
import type { WabaId } from '../../contract/ids';
import { sameNumber } from '../../contract/phone-number';
import type { PinSet } from '../../contract/pin-reading';
import { customerIdOf, pinSettingIdOf, workflowIdOf } from '../../contract/workflow-ids';
import { findHoldings, returnTo, type Records } from '../../records';
import { isNotFound } from '../../temporal/not-found';
import { readingClient } from '../../temporal/reading-client';
import { readable } from '../records/records-activities';

/** Why the code of a WABA's signup brought no token, as the gateway's records have it. */
export type CodeFailureOf = (wabaId: WabaId) => Promise<{ problem: string } | null>;

/** What the numbers' activities know of customers reaches the customers' workflows. */
export const customersOfNumbers = (client: Client, codeFailureOf: CodeFailureOf): CustomersOfNumbers => ({
  async claimed(claim) {
    const by = 'a confirmed claim';
    await beginCustomer(client, { ...claim, by });
    const failed = await codeFailureOf(claim.wabaId).catch((error: unknown) => {
      // Records that cannot be read hold no claim up.
      Runtime.instance().logger.warn(
        `Why WABA ${claim.wabaId} has no token cannot be read: ${String(error)}`,
      );
      return null;
    });
    if (failed) await tellCustomer(client, claim.wabaId, 'connect', { codeProblem: failed.problem, by });
  },
  async registered({ wabaId, phoneNumber }) {
    try {
      await tellCustomer(client, wabaId, 'refresh', { phoneNumber, by: 'a registration' });
    } catch (error) {
      // The number is registered, and must not be once more because its customer cannot be told.
      Runtime.instance().logger.warn(
        `WABA ${wabaId} was not told that +${phoneNumber} is registered: ${String(error)}`,
      );
    }
  },
});

/** Signals a customer's workflow; where none is under way, nobody is to be told. */
export async function tellCustomer<Name extends CustomerMessageName>(
  client: Client,
  wabaId: string,
  name: Name,
  payload: CustomerMessagePayload<Name>,
): Promise<void> {
  try {
    await client.workflow.getHandle(customerIdOf(wabaId)).signal(name, payload);
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
    const run = await findRun(client, phoneNumber);
    if (run && !isForgotten(run)) return [{ ...ours(run), registered: true }];
  }
  const found = new Map<string, OurNumber>();
  const query = `WorkflowType = 'numberLifecycle' AND ExecutionStatus IN ('Running', 'Completed') AND NumberState IN ('Claimed', 'Registered') AND WabaId = '${wabaId}'`;
  for await (const info of readingClient(client).workflow.list({ query })) {
    const number = ours(runOf(info.workflowId.slice(workflowIdOf('').length), info));
    if (!found.has(number.phoneNumber)) found.set(number.phoneNumber, number);
  }
  for (const { phoneNumber: digits, customerId, state } of await findHoldings(records, { wabaId }))
    if (!found.has(digits))
      found.set(digits, { phoneNumber: digits, customerId, registered: state === 'Registered' });
  const all = [...found.values()];
  return phoneNumber === null ? all : all.filter((one) => sameNumber(one.phoneNumber, phoneNumber));
}

/** What records say that a customer held and holds no more, and that they hold it again once they have come back. */
export const pastOf = ({ client, records }: Sources): CustomerActivitiesOptions['past'] => ({
  numbers: (wabaId) =>
    readable(async () => {
      const holdings = await findHoldings(records, { wabaId });
      const ended = holdings.filter(({ to }) => to !== null).map(({ phoneNumber }) => phoneNumber);
      const runs = await Promise.all(
        [...new Set(ended)].map(async (digits) => [digits, await findRun(client, digits)] as const),
      );
      // The claim of a number that lives again says whose it is.
      return runs.filter(([, run]) => run?.status !== 'RUNNING').map(([digits]) => digits);
    }),
  returned: (wabaId, numbers) =>
    readable(async () => {
      const reason = `WABA ${wabaId} has come back, and Meta shows the number on it`;
      await returnTo(records, wabaId, numbers, { by: 'Meta', reason });
    }),
});

/** Where numbers are looked for. */
interface Sources {
  client: Client;
  records: Records;
}

const ours = ({ digits, state, attributes }: Run): OurNumber => ({
  phoneNumber: digits,
  customerId: attributes.CustomerId,
  registered: state === 'Registered',
});

/** One that records know to be held is Rejected when it is added again: the life before it is what counts. */
const isForgotten = (run: Run | null): boolean => run === null || run.state === 'Rejected';

/** The PIN that the number has: the one that was set last, else the one of its registration; `null` where it is not known. */
export async function pinOf({ client, records }: Sources, phoneNumber: string): Promise<string | null> {
  const run = await findRun(client, phoneNumber);
  if (run === null || isForgotten(run)) {
    const kept = await keptPin(records, client.options.loadedDataConverter, phoneNumber);
    if (!kept) return null;
    return (await lastSet(client, kept.phoneNumber, Date.parse(String(kept.registeredAt))))?.pin ?? kept.pin;
  }
  if (run.state !== 'Registered') return null;
  const set = await lastSet(client, run.digits, run.startedAt);
  if (set !== null) return set.pin;
  return (await registrationOf(client, run, true)).pin;
}

/** @param since epoch milliseconds */
async function lastSet(client: Client, digits: string, since: number): Promise<PinSet | null> {
  const handle = client.workflow.getHandle(pinSettingIdOf(digits));
  try {
    const { status, startTime } = await handle.describe();
    const isOfThisLife = status.name === 'COMPLETED' && startTime.getTime() > since;
    return isOfThisLife ? ((await handle.result()) as PinSet) : null;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
