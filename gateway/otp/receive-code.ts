import type { Client } from '@temporalio/client';
import { readCode, withinLength } from '../../contract/code';
import { longestText, readMessage, type CodeMethod, type MessagePayload } from '../../contract/messages';
import { phoneNumberFault, readDigits, readPhoneNumber } from '../../contract/phone-number';
import { HttpError } from '../http-error';
import type { RecentRequests } from '../idempotency';
import { signalNumber } from '../signals';

/** What a number received. */
export interface Received {
  /** The number, as the sender writes it. */
  to: string;
  /** Of any length. */
  text: string;
  /** Who sent it, where the service says. */
  from?: string | null;
  method?: CodeMethod | undefined;
  /** Why its words will not come: what the service says. */
  undelivered?: string;
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
  return async (received) => {
    const { to, requestId } = received;
    const written = readPhoneNumber(to);
    // Many carriers write E.164 without its plus: digits that may be national are taken where that number is in the pool.
    const number = written ?? readDigits(to);
    if (!number) throw unreadable(to);
    const payload = payloadOf(received);
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

/** Where it came from matters only where it holds no code: to say so, and to put two parts together. */
function payloadOf({ text: whole, by, from, method, undelivered }: Received): MessagePayload<'receiveCode'> {
  const text = withinLength(withoutControls(whole), longestText);
  if (readCode(text) !== null) return { text, by };
  // Some services write what they do not know as nothing or as a blank, which no number takes.
  const sender = line(from ?? '', 50);
  const reason = line(undelivered ?? '', 200);
  return {
    text,
    ...(sender ? { from: sender } : {}),
    ...(method ? { method } : {}),
    ...(reason ? { undelivered: reason } : {}),
    by,
  };
}

/** Strangers write to the numbers, and operators read it on their terminals. Codes are read line by line, so lines stay. */
const withoutControls = (text: string) => text.replace(/(?![\t\n\r])\p{Cc}/gu, ' ');

const line = (text: string, longest: number) =>
  text
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, longest);

const unreadable = (to: string) =>
  new HttpError(400, `The number that received it cannot be read: ${String(phoneNumberFault(to))}.`);
