import { setTimeout } from 'node:timers/promises';

/** Asks until there is an answer; the test's own time is the limit. */
export async function until<Answer>(ask: () => Promise<Answer | null | undefined | false>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    await setTimeout(20);
  }
}
