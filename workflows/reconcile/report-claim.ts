import { getExternalWorkflowHandle, isCancellation, TemporalFailure } from '@temporalio/workflow';
import type { WabaId } from '../../contract/ids';
import type { MessageName, MessagePayload } from '../../contract/messages';
import { workflowIdOf } from '../../contract/workflow-ids';
import type { WabaNumber } from '../../contract/reconcile-activities';

/** Tells a number something; `false` if it has no life here that could be told. */
export async function send<Name extends MessageName>(
  phoneNumber: string,
  name: Name,
  payload: MessagePayload<Name>,
): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowIdOf(phoneNumber)).signal(name, payload);
    return true;
  } catch (error) {
    // Temporal refuses such a signal for one reason alone: nobody is there, or no more can be taken in.
    if (error instanceof TemporalFailure && !isCancellation(error)) return false;
    throw error;
  }
}

/** Reports a claim to the number itself; one that it knows already is a repeat, which does nothing. */
export const reportClaim = (wabaId: WabaId, { phoneNumber, phoneNumberId }: WabaNumber, by: string) =>
  send(phoneNumber, 'claim', { wabaId, phoneNumberId, source: by, by });
