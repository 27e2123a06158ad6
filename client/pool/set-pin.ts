import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
  type Client,
} from '@temporalio/client';
import { graphFailureIn } from '../../contract/graph-failure';
import type { PinSet, PinToSet } from '../../contract/pin-reading';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { pinSettingIdOf } from '../../contract/workflow-ids';
import { orNoWorker } from '../no-worker';
import { checkedBy } from './by';
import { RefusedError } from './refused-error';
import { findRegistration } from './registration';

/**
 * Sets another two-step PIN on a registered number and shows it, this once. Who set it is on record before Meta is asked.
 *
 * @param asked.pin six digits; one is made where it is left out
 * @param asked.within milliseconds in which a worker must say what the records know, where Temporal has forgotten the number
 * @throws {RefusedError} `MetaRefused` with Meta's words, `WrongState` where the number is not registered or another PIN is
 * being set, `InvalidMessage`, `UnknownNumber`
 */
export async function setPin(
  client: Client,
  digits: string,
  { by, pin, within }: { by: string; pin: string | undefined; within: number },
): Promise<string> {
  checkedBy(by, digits);
  if (pin !== undefined && !/^\d{6}$/.test(pin))
    throw new RefusedError('InvalidMessage', 'A PIN is six digits.', digits);
  const what = 'a PIN can be set';
  const found = await findRegistration(client, digits, { withPin: false, what, within });
  const { phoneNumber, phoneNumberId, wabaId } = found;
  if (!phoneNumberId)
    throw new RefusedError('WrongState', `+${digits} has no business phone number to set a PIN on.`, digits);
  try {
    const setting = client.workflow.execute<(asked: PinToSet) => Promise<PinSet>>('pinSetting', {
      workflowId: pinSettingIdOf(phoneNumber),
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [{ phoneNumber, phoneNumberId, ...(wabaId && { wabaId }), pin: pin ?? null, by }],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      memo: { by },
      staticSummary: `New PIN of +${digits}`,
    });
    return (await orNoWorker(client, setting, `The PIN of +${digits} was not set yet.`)).pin;
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
