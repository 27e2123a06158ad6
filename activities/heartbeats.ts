import { Context } from '@temporalio/activity';

/** Milliseconds. What is answered sooner sends no heartbeat. */
const EVERY = 5_000;

/** Tells Temporal that the worker lives while it does what may take long: one that died is noticed by its silence. */
export async function withHeartbeats<Answer>(act: () => Promise<Answer>): Promise<Answer> {
  const context = Context.current();
  const heartbeats = setInterval(() => {
    context.heartbeat();
  }, EVERY);
  try {
    return await act();
  } finally {
    clearInterval(heartbeats);
  }
}
