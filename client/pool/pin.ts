import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
} from '@temporalio/client';
import type { PinReading, Registration } from '../../contract/pin-reading';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { pinReadingIdOf } from '../../contract/workflow-ids';
import { checkedBy } from './by';
import { RefusedError } from './refused-error';
import { findRegistration } from './registration';

/**
 * The two-step PIN that a number was registered with, shown once. Who reads it is on record before it comes out.
 *
 * @param within milliseconds in which a worker must say what the records know, where Temporal has forgotten the number
 * @throws {RefusedError} `PinRead` with who read it and when, `WrongState` where we set no PIN, `UnknownNumber`
 */
export async function readPin(client: Client, digits: string, by: string, within: number): Promise<string> {
  checkedBy(by, digits);
  const what = 'its PIN can be read';
  const { set, read, pin, ...life } = await findRegistration(client, digits, { withPin: true, what, within });
  if (set) throw pinSetSince(digits, set);
  if (pin === null) throw notOurs(digits);
  if (read) throw pinRead(digits, read);
  await recordReading(client, life, by);
  return pin;
}

const notOurs = (digits: string) =>
  new RefusedError(
    'WrongState',
    `+${digits} does not have our PIN: somebody else set one before it was registered. Ask them for it, or set a new one: "preverified pin --set".`,
    digits,
  );

/** Who reads it is on record before it comes out. @throws {RefusedError} `PinRead` where somebody has read it before */
async function recordReading(
  client: Client,
  { phoneNumber: digits, firstRunId }: Pick<Registration, 'phoneNumber' | 'firstRunId'>,
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
    throw pinRead(digits, { by: String(memo?.['by']), at: startTime.toISOString() });
  }
}

const pinRead = (digits: string, { by, at }: PinReading) =>
  new RefusedError(
    'PinRead',
    `The PIN of +${digits} was read by ${by} on ${at}, and is shown only once. If it is lost, set a new one: "preverified pin --set".`,
    digits,
  );

/** A PIN that was set since the number was registered was shown to whoever set it. */
const pinSetSince = (digits: string, { by, at }: PinReading) =>
  new RefusedError(
    'PinRead',
    `A new PIN of +${digits} was set by ${by} on ${at}, and shown then. If it is lost, set another one: "preverified pin --set".`,
    digits,
  );
