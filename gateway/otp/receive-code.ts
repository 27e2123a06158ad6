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
    const written = readPhoneNumber(to);
    // Many carriers write E.164 without its plus: digits that may be national are taken where that number is in the pool.
    const number = written ?? readDigits(to);
    if (!number) throw unreadable(to);
    const payload = { text, by };
    const read = readMessage('receiveCode', payload);
    if (!read.ok) throw new Refused(400, `That cannot be taken in: ${read.fault}.`);
    return recent.once(requestId, async () => {
      try {
        await signalNumber(client, number.digits, 'receiveCode', payload, requestId);
      } catch (error) {
        throw !written && error instanceof Refused && error.statusCode === 404 ? unreadable(to) : error;
      }
    });
  };
}

const unreadable = (to: string) =>
  new Refused(400, `The number that received it cannot be read: ${String(phoneNumberFault(to))}.`);
