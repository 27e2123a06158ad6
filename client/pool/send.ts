import type { Client } from '@temporalio/client';
import { readMessage, type MessageName, type MessagePayload } from '../../contract/messages';
import type { NumberRecord } from '../../contract/number-record';
import { workflowIdOf } from '../../contract/workflow-ids';
import { answerOf } from './answer';
import { defined } from './defined';
import { digitsInPool } from './phone-number';
import { RefusedError } from './refused-error';
import type { Updates } from './updates';

export interface Sender {
  client: Client;
  updates: Updates;
  /** In the name of whom, where a message does not say. */
  by: string | undefined;
  /** Milliseconds to wait for an answer. */
  answerWithin: number;
  /** Before anything is written: whether the pool's workers and this client can read each other. */
  checkKeys: () => Promise<void>;
}

/** Sends a message and answers with the number's record once its effect is settled. */
export async function sendUpdate<Name extends MessageName>(
  { client, updates, by, answerWithin, checkKeys }: Sender,
  name: Name,
  number: string,
  payload: MessagePayload<Name>,
): Promise<NumberRecord> {
  const digits = await digitsInPool(client, number);
  const message = checked(name, digits, payload, by);
  return answerOf(client, digits, { name, within: answerWithin }, async () => {
    await checkKeys();
    return updates.execute(workflowIdOf(digits), name, message, answerWithin);
  });
}

/** Sends a message without waiting: a refusal shows in the number's `lastRefusal` only. */
export async function sendSignal<Name extends MessageName>(
  { client, by, answerWithin, checkKeys }: Sender,
  name: Name,
  number: string,
  payload: MessagePayload<Name>,
): Promise<void> {
  const digits = await digitsInPool(client, number);
  const message = checked(name, digits, payload, by);
  await answerOf(client, digits, { name, within: answerWithin }, async () => {
    await checkKeys();
    await client.workflow.getHandle(workflowIdOf(digits)).signal(name, message);
  });
}

/** The payload as it is sent, found good before anything is written. */
function checked<Name extends MessageName>(
  name: Name,
  digits: string,
  payload: MessagePayload<Name>,
  by: string | undefined,
): object {
  const given = readMessage(name, payload);
  const message = { ...(by !== undefined && { by }), ...defined({ ...(payload as object) }) };
  const read = given.ok ? readMessage(name, message) : given;
  if (read.ok) return message;
  throw new RefusedError('InvalidMessage', `${name} was not sent to +${digits}: ${read.fault}.`, digits);
}
