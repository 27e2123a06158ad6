import type { Client } from '@temporalio/client';

/** A sender waits fifteen seconds at Twilio, and not for ever elsewhere. */
const answerWithin = 5_000;

/** Lets Temporal's client try again for as long as a sender waits, and no longer. */
export function promptly<T>(client: Client, ask: () => Promise<T>): Promise<T> {
  return client.withDeadline(Date.now() + answerWithin, ask);
}
