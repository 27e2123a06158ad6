import type { Client } from '@temporalio/client';
import { encodeToPayloads } from '../temporal/sdk-internals';
import type { Search } from '../client/reconcile/find-claims';
import type { WabaId } from '../contract/ids';
import type { MessageName, MessagePayload } from '../contract/messages';
import { writtenForms } from '../contract/phone-number';
import { workflowIdOf } from '../contract/workflow-ids';
import { HttpError, toHttpError } from './http-error';

/**
 * Has a WABA searched for our numbers. Resolves once Temporal holds the signal; a repeated request ID starts no second
 * search.
 */
export type FindClaims = (wabaId: WabaId, requestId: string, options?: { hint?: boolean }) => Promise<Search>;

/** Milliseconds. Twilio waits fifteen seconds for an answer, others not for ever. */
export const answerWithin = 5_000;

/** Lets Temporal's client retry for as long as a sender waits, in milliseconds. */
export function withDeadline<T>(client: Client, call: () => Promise<T>, within = answerWithin): Promise<T> {
  return client.withDeadline(Date.now() + within, call);
}

/**
 * Signals a number with a request ID of ours. A workflow handle makes a new ID for each call, so Temporal would accept
 * a repeat of the same message.
 *
 * @returns once Temporal holds it
 * @throws {HttpError} 404 for a number that is not there, 503 where Temporal does not answer
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
  let failure: unknown;
  for (const form of writtenForms(digits)) {
    try {
      await withDeadline(client, () =>
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
      failure = toHttpError(error, `+${digits} is not in the pool, or its life there has ended.`);
      // It may live in its other written form.
      if (!(failure instanceof HttpError) || failure.statusCode !== 404) break;
    }
  }
  throw failure;
}

/**
 * Waits for a signal to a number that we gave out ourselves: where its life has ended meanwhile, there is nothing to tell it.
 *
 * @throws {HttpError} 503 where Temporal does not answer
 */
export async function unlessEnded<Outcome>(signalling: Promise<Outcome>): Promise<Outcome | 'ignored'> {
  try {
    return await signalling;
  } catch (error) {
    if (error instanceof HttpError && error.statusCode === 404) return 'ignored';
    throw error;
  }
}
