import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { decodeFromPayloadsAtIndex } from '../../temporal/sdk-internals';
import type { temporal } from '@temporalio/proto';
import type { NumberActivities } from '../../contract/number-activities';
import { graphFailureIn } from '../../contract/graph-failure';
import type { PinReading, PinSet, PinToSet } from '../../contract/pin-reading';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import type { NumberRecord } from '../../contract/number-record';
import { pinReadingIdOf, pinSettingIdOf, workflowIdOf } from '../../contract/workflow-ids';
import { checkedBy } from './by';
import { RefusedError } from './refused-error';
import { findRun, notRunning, type Run } from './run';

/**
 * The two-step PIN that a number was registered with, shown once. Who reads it is on record before it comes out.
 *
 * @throws {RefusedError} `PinRead` with who read it and when, `WrongState` where we set no PIN, `UnknownNumber`
 */
export async function readPin(client: Client, digits: string, by: string): Promise<string> {
  checkedBy(by, digits);
  const { run, record } = await registered(client, digits, 'its PIN can be read');
  await refuseIfSetSince(client, digits, record);
  const { events } = await client.workflow.getHandle(workflowIdOf(run.digits), run.runId).fetchHistory();
  const pin = record.pinOurs === false ? null : await pinIn(events, client.options.loadedDataConverter);
  if (pin === null) throw notOurs(digits);
  await recordReading(client, run, by);
  return pin;
}

/**
 * Sets another two-step PIN on a registered number and shows it, this once. Who set it is on record before Meta is asked.
 *
 * @param pin six digits; one is made where it is left out
 * @throws {RefusedError} `MetaRefused` with Meta's words, `WrongState` where the number is not registered or another PIN is
 * being set, `InvalidMessage`, `UnknownNumber`
 */
export async function setPin(
  client: Client,
  digits: string,
  by: string,
  pin: string | undefined,
): Promise<string> {
  checkedBy(by, digits);
  if (pin !== undefined && !/^\d{6}$/.test(pin))
    throw new RefusedError('InvalidMessage', 'A PIN is six digits.', digits);
  const { record } = await registered(client, digits, 'a PIN can be set');
  const phoneNumberId = record.claim?.phoneNumberId;
  if (!phoneNumberId)
    throw new RefusedError('WrongState', `+${digits} has no business phone number to set a PIN on.`, digits);
  try {
    const set = await client.workflow.execute<(asked: PinToSet) => Promise<PinSet>>('pinSetting', {
      workflowId: pinSettingIdOf(digits),
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [{ phoneNumber: digits, phoneNumberId, pin: pin ?? null, by }],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      memo: { by },
      staticSummary: `New PIN of +${digits}`,
    });
    return set.pin;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw new RefusedError(
        'WrongState',
        `A PIN of +${digits} is being set just now: wait for its end.`,
        digits,
      );
    const failure = error instanceof WorkflowFailedError ? graphFailureIn(error.cause) : null;
    if (!failure) throw error;
    throw new RefusedError('MetaRefused', `${failure.message} ${failure.whatToDo}`, digits);
  }
}

async function registered(
  client: Client,
  digits: string,
  what: string,
): Promise<{ run: Run; record: NumberRecord }> {
  const run = await findRun(client, digits);
  if (!run) throw notRunning(digits, run);
  if (run.state !== 'Registered') {
    throw new RefusedError(
      'WrongState',
      `+${digits} is ${String(run.state)}: ${what} once it is Registered.`,
      digits,
    );
  }
  const record: unknown = await client.workflow.getHandle(workflowIdOf(digits), run.runId).result();
  return { run, record: record as NumberRecord };
}

/** A PIN that was set since the number was registered was shown to whoever set it. */
async function refuseIfSetSince(
  client: Client,
  digits: string,
  { registeredAt }: NumberRecord,
): Promise<void> {
  const setting = await client.workflow
    .getHandle(pinSettingIdOf(digits))
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    });
  const isOfThisLife = setting && setting.startTime.toISOString() >= String(registeredAt);
  if (!isOfThisLife || setting.status.name === 'FAILED') return;
  throw new RefusedError(
    'PinRead',
    `A new PIN of +${digits} was set by ${String(setting.memo?.['by'])} on ${setting.startTime.toISOString()}, and shown then. If it is lost, set another one: "preverified pin --set".`,
    digits,
  );
}

export const notOurs = (digits: string) =>
  new RefusedError(
    'WrongState',
    `+${digits} does not have our PIN: somebody else set one before it was registered. Ask them for it, or set a new one: "preverified pin --set".`,
    digits,
  );

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

/** Who reads it is on record before it comes out. @throws {RefusedError} `PinRead` where somebody has read it before */
export async function recordReading(
  client: Client,
  { digits, firstRunId }: Pick<Run, 'digits' | 'firstRunId'>,
  by: string,
): Promise<void> {
  const workflowId = pinReadingIdOf(digits, firstRunId);
  try {
    await client.workflow.start('pinReading', {
      workflowId,
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [{ by } satisfies Pick<PinReading, 'by'>],
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      memo: { by },
      staticSummary: `PIN of +${digits} read`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { memo, startTime } = await client.workflow.getHandle(workflowId).describe();
    throw pinRead(digits, String(memo?.['by']), startTime.toISOString());
  }
}

export const pinRead = (digits: string, by: string, at: string) =>
  new RefusedError(
    'PinRead',
    `The PIN of +${digits} was read by ${by} on ${at}, and is shown only once. If it is lost, set a new one: "preverified pin --set".`,
    digits,
  );
