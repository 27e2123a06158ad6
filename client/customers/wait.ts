import type { Client } from '@temporalio/client';
import type { CustomerRecord } from '../../contract/customer-record';
import type { WabaId } from '../../contract/ids';
import { customerWorkflowIdOf } from '../../contract/workflow-ids';
import { isNotFound } from '../../temporal/not-found';
import { deadline } from '../pool/deadline';
import { RefusedError } from '../pool/refused-error';
import { TimedOutError } from '../pool/timed-out-error';
import type { WaitOptions } from '../pool/wait';
import { getCustomer } from './customer';

/**
 * Waits until a customer is as wanted. Sleeps at the server until their history grows; asks nothing meanwhile.
 *
 * @throws {RefusedError} `UnknownCustomer`, `InvalidMessage` for a timeout that is none, or `WrongState` once they have left otherwise
 * @throws {TimedOutError} or the signal's reason
 */
export async function waitUntilCustomer(
  client: Client,
  wabaId: WabaId,
  is: (record: CustomerRecord) => boolean,
  { timeout, signal, answerWithin }: WaitOptions & { answerWithin: number },
): Promise<CustomerRecord> {
  const late = deadline(timeout, wabaId);
  const end = AbortSignal.any([late.signal, signal].filter((each) => each != null));
  let last: CustomerRecord | null = null;
  let nextPageToken: Uint8Array | null = null;
  try {
    for (;;) {
      last = await getCustomer(client, wabaId, answerWithin).catch((error: unknown) => {
        // No worker may be there yet.
        if (error instanceof TimedOutError) return null;
        throw error;
      });
      if (last && is(last)) return last;
      if (last?.state === 'Left') throw new RefusedError('WrongState', `WABA ${wabaId} has left.`, wabaId);
      end.throwIfAborted();
      nextPageToken = await client.withAbortSignal(end, () => grown(client, wabaId, nextPageToken));
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!late.signal.aborted) throw error;
    const where = last ? `it is ${last.state} (${last.phase})` : 'it did not answer; is a worker running?';
    throw new TimedOutError(
      `WABA ${wabaId} was not as awaited within ${String(Number(timeout) / 1000)} seconds: ${where}`,
      wabaId,
      { cause: error },
    );
  } finally {
    late.clear();
  }
}

/** Settles once there is more history than was seen; where to go on from, `null` for the next run. */
async function grown(client: Client, wabaId: WabaId, seen: Uint8Array | null): Promise<Uint8Array | null> {
  try {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: customerWorkflowIdOf(wabaId) },
      waitNewEvent: true,
      nextPageToken: seen,
    });
    return page.nextPageToken.length > 0 ? page.nextPageToken : null;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}
