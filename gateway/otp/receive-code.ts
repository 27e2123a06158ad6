import type { Client } from '@temporalio/client';
import { readMessage } from '../../contract/messages';
import { phoneNumberFault, readDigits, readPhoneNumber } from '../../contract/phone-number';
import type { RecentMessages } from '../recent-messages';
import { Refused } from '../http-error';
import { signalNumber } from '../signal-number';

/** What a number received. */
export interface Received {
  /** The number, as the sender writes it. */
  to: string;
  text: string;
  /** Which service brought it, for auditors. */
  by: string;
  /** The same for every repeat. */
  requestId: string;
}

/**
 * Hands what a number received to its workflow, which knows whether it waits for a code.
 *
 * @returns once Temporal holds it
 * @throws {Refused} 400 for what is no number or no text, 404 for a number that is not there, 503 where Temporal does
 * not answer
 */
export type ReceiveCode = (received: Received) => Promise<'held' | 'seen'>;

export function receiveCode(client: Client, recent: RecentMessages): ReceiveCode {
  return async ({ to, text, by, requestId }) => {
    // Many carriers write E.164 without its plus.
    const number = readPhoneNumber(to) ?? readDigits(to);
    if (!number)
      throw new Refused(400, `The number that received it cannot be read: ${String(phoneNumberFault(to))}.`);
    const payload = { text, by };
    const read = readMessage('receiveCode', payload);
    if (!read.ok) throw new Refused(400, `That cannot be taken in: ${read.fault}.`);
    return recent.once(requestId, () =>
      signalNumber(client, number.digits, 'receiveCode', payload, requestId),
    );
  };
}
