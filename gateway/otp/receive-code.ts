import type { Client } from '@temporalio/client';
import { readMessage } from '../../contract/messages';
import { phoneNumberFault, readDigits, readPhoneNumber } from '../../contract/phone-number';
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
    const written = readPhoneNumber(to);
    // Many carriers write E.164 without its plus: digits that may be national are taken where that number is in the pool.
    const number = written ?? readDigits(to);
    if (!number) throw unreadable(to);
    const payload = { text, by };
    const read = readMessage('receiveCode', payload);
    if (!read.ok) throw new HttpError(400, `The message was not understood: ${read.fault}.`);
    return recent.once(requestId, async () => {
      try {
        await signalNumber(client, number.digits, 'receiveCode', payload, requestId);
      } catch (error) {
        const unknown = error instanceof HttpError && error.statusCode === 404;
        throw unknown && !written ? unreadable(to) : error;
      }
    });
  };
}

const unreadable = (to: string) =>
  new HttpError(400, `The number that received it cannot be read: ${String(phoneNumberFault(to))}.`);
