import type { Client } from '@temporalio/client';
import { encodeToPayloads } from '@temporalio/common/lib/internal-non-workflow';
import type { MessageName, MessagePayload } from '../contract/messages';
import { writtenForms } from '../contract/phone-number';
import { workflowIdOf } from '../contract/workflow-ids';
import { Refused } from './http-error';
import { promptly } from './with-deadline';
import { temporalRefusal } from './temporal-refusal';

/**
 * Sends a message to a number, as a workflow handle does it but under an ID of ours: the handle makes one up for every
 * try, and Temporal takes each in once.
 *
 * @returns once Temporal holds it
 * @throws {Refused} 404 for a number that is not there, 503 where Temporal does not answer
 */
export async function signalNumber<Name extends MessageName>(
  client: Client,
  digits: string,
  name: Name,
  payload: MessagePayload<Name>,
  requestId: string,
): Promise<void> {
  const { namespace, identity, loadedDataConverter } = client.options;
  const payloads = (await encodeToPayloads(loadedDataConverter, payload)) ?? [];
  let refusal: unknown;
  for (const form of writtenForms(digits)) {
    try {
      await promptly(client, () =>
        client.workflowService.signalWorkflowExecution({
          namespace,
          identity,
          requestId,
          workflowExecution: { workflowId: workflowIdOf(form) },
          signalName: name,
          input: { payloads },
        }),
      );
      return;
    } catch (error) {
      refusal = temporalRefusal(error, `+${digits} is not in the pool, or its life there has ended.`);
      // It may live in its other written form.
      if (!(refusal instanceof Refused && refusal.statusCode === 404)) throw refusal;
    }
  }
  throw refusal;
}
