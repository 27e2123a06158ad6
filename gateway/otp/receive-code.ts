import type { Client } from '@temporalio/client';
import { readMessage } from '../../contract/messages';
import { readPhoneNumber } from '../../contract/phone-number';
import { HttpError } from '../http-error';
import type { RecentRequests } from '../idempotency';
import { signalNumber } from '../signals';

/** What a number received. */
export interface Received {
  /** The number, as the sender writes it. */
  to: string;
  text: string;
  /** Which service delivered it, for auditors. */
  by: string;
  /** The same for every repeat. */
  requestId: string;
}

/**
 * Hands what a number received to its workflow, which knows whether it waits for a code.
 *
 * @returns once Temporal holds it
 * @throws {HttpError} 400 for what is no number or no text, 404 for a number that is not there, 503 where Temporal does
 * not answer
 */
export type ReceiveCode = (received: Received) => Promise<'accepted' | 'duplicate'>;

export function receiveCode(client: Client, recent: RecentRequests): ReceiveCode {
  return async ({ to, text, by, requestId }) => {
    const number = readPhoneNumber(to);
    if (!number)
      throw new HttpError(
        400,
        'The number that received it must have its country code, such as +15550783881.',
      );
    const payload = { text, by };
    const read = readMessage('receiveCode', payload);
    if (!read.ok) throw new HttpError(400, `The message was not understood: ${read.fault}.`);
    return recent.once(requestId, () =>
      signalNumber(client, number.digits, 'receiveCode', payload, requestId),
    );
  };
}
