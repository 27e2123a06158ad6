import { WorkflowNotFoundError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { NumberActivities } from '../../contract/number-activities';
import type { NumberRecord } from '../../contract/number-record';
import type { PinReading, Registration } from '../../contract/pin-reading';
import { pinSettingIdOf, workflowIdOf } from '../../contract/workflow-ids';
import { decodeFromPayloadsAtIndex } from '../../temporal/sdk-internals';
import { readRegistration } from './ask-records';
import { RefusedError } from './refused-error';
import { findRun, notRunning, rememberedLife, type Run } from './run';

interface Wanted {
  withPin: boolean;
  /** Stands in a refusal: what can be done "once it is Registered". */
  what: string;
  /** Milliseconds in which a worker must say what the records know. */
  within: number;
}

/**
 * The number's life that ended as Registered: from Temporal, or from the records where Temporal has forgotten it.
 *
 * @throws {RefusedError} `UnknownNumber`, or `WrongState` where it is not Registered
 */
export async function findRegistration(
  client: Client,
  digits: string,
  wanted: Wanted,
): Promise<Registration> {
  const run = await findRun(client, digits);
  const forgotten = rememberedLife(run) === null;
  const { withPin, within, what } = wanted;
  const kept = forgotten ? await readRegistration(client, { phoneNumber: digits, withPin }, within) : null;
  if (kept) return { ...kept, set: (await settingSince(client, kept)) ?? kept.set };
  if (!run) throw notRunning(digits, run);
  if (run.state !== 'Registered') {
    throw new RefusedError(
      'WrongState',
      `+${digits} is ${String(run.state)}: ${what} once it is Registered.`,
      digits,
    );
  }
  const life = await registrationOf(client, run, withPin);
  return { ...life, set: await settingSince(client, life) };
}

/** Of the run of a number that is Registered, from Temporal. */
export async function registrationOf(client: Client, run: Run, withPin: boolean): Promise<Registration> {
  const handle = client.workflow.getHandle(workflowIdOf(run.digits), run.runId);
  const { registeredAt, claim, pinOurs } = (await handle.result()) as NumberRecord;
  const pin =
    withPin && pinOurs !== false
      ? await pinIn((await handle.fetchHistory()).events, client.options.loadedDataConverter)
      : null;
  return {
    phoneNumber: run.digits,
    firstRunId: run.firstRunId,
    registeredAt,
    phoneNumberId: claim?.phoneNumberId ?? null,
    wabaId: claim?.wabaId ?? null,
    ...{ pin, read: null, set: null },
  };
}

/** The last other PIN that was set since the number was registered, as Temporal knows it; one that is being set counts. */
async function settingSince(
  client: Client,
  { phoneNumber, registeredAt }: Registration,
): Promise<PinReading | null> {
  const setting = await lastSetting(client, phoneNumber, Date.parse(String(registeredAt)));
  return setting && { by: String(setting.memo?.['by']), at: setting.startTime.toISOString() };
}

/** A run in which another PIN was set. */
type Setting = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'startTime' | 'memo'>;

/**
 * The last setting of another PIN that has not failed, as Temporal knows it: one that failed left the PIN as it was.
 *
 * @param since epoch milliseconds
 */
export async function lastSetting(client: Client, digits: string, since: number): Promise<Setting | null> {
  const workflowId = pinSettingIdOf(digits);
  const ofThisLife = (run: Setting) => (run.startTime.getTime() >= since ? run : null);
  try {
    const last = await client.workflow.getHandle(workflowId).describe();
    if (last.status.name === 'RUNNING' || last.status.name === 'COMPLETED') return ofThisLife(last);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
  const query = `WorkflowId = '${workflowId}' AND ExecutionStatus = 'Completed'`;
  for await (const earlier of client.workflow.list({ query })) return ofThisLife(earlier);
  return null;
}

/** What the call that registered the number was asked with; `null` where none did. */
export async function pinIn(
  events: temporal.api.history.v1.IHistoryEvent[] | null | undefined,
  converter: LoadedDataConverter,
): Promise<string | null> {
  const asked = new Map<string, temporal.api.common.v1.IPayloads | null | undefined>();
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name === 'registerNumber') asked.set(String(event.eventId), scheduled.input);
  }
  const done = events?.find(({ activityTaskCompletedEventAttributes: completed }) =>
    asked.has(String(completed?.scheduledEventId)),
  )?.activityTaskCompletedEventAttributes;
  if (!done) return null;
  const payloads = asked.get(String(done.scheduledEventId))?.payloads;
  type Asked = Parameters<NumberActivities['registerNumber']>[0];
  return (await decodeFromPayloadsAtIndex<Asked>(converter, 0, payloads)).pin;
}
