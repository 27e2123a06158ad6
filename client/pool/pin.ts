import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
} from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { decodeFromPayloadsAtIndex } from '../../temporal/sdk-internals';
import type { temporal } from '@temporalio/proto';
import type { NumberActivities } from '../../contract/number-activities';
import { type PinReading } from '../../contract/pin-reading';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { pinReadingIdOf, workflowIdOf } from '../../contract/workflow-ids';
import { checkedBy } from './by';
import { RefusedError } from './refused-error';
import type { Run } from './run';
import { refuseIfSetSince, registered } from './set-pin';

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
