import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import { graphFailureIn } from '../../contract/graph-failure';
import type { NumberRecord } from '../../contract/number-record';
import type { PinSet, PinToSet } from '../../contract/pin-reading';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { pinSettingIdOf, workflowIdOf } from '../../contract/workflow-ids';
import { orNoWorker } from '../no-worker';
import { checkedBy } from './by';
import { RefusedError } from './refused-error';
import { findRun, notRunning, type Run } from './run';

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
  const { phoneNumberId, wabaId } = record.claim ?? {};
  if (!phoneNumberId)
    throw new RefusedError('WrongState', `+${digits} has no business phone number to set a PIN on.`, digits);
  try {
    const setting = client.workflow.execute<(asked: PinToSet) => Promise<PinSet>>('pinSetting', {
      workflowId: pinSettingIdOf(digits),
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [{ phoneNumber: digits, phoneNumberId, wabaId, pin: pin ?? null, by }],
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

export async function registered(
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
export async function refuseIfSetSince(
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
