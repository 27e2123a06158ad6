import { inFlight } from '../core/in-flight';
import { pairedRounds, type Contestant } from '../core/rounds';
import { poolOf, portfolioId, type BenchStack } from '../stack/stack';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { concurrency } from '../stack/residents';

/** Of one start: milliseconds of CPU. */
export interface AddingSample {
  perSecond: number;
  clientCpu: number;
  serverCpu: number;
  /** How much of one core our client kept busy. */
  clientShare: number;
}

/**
 * Adding numbers against starting the same workflows bare, without what makes a number be found and understood. No worker
 * is there: what is measured is the taking in alone.
 */
export async function compareAdding(
  stack: BenchStack,
  namespace: string,
  { rounds, starts }: { rounds: number; starts: number },
  onStep: (what: string) => void,
): Promise<Map<string, AddingSample[]>> {
  const { client } = await stack.namespace(namespace);
  const pool = poolOf(client);
  let count = 0;
  const contestant = (
    name: string,
    prefix: string,
    start: (number: string) => Promise<unknown>,
  ): Contestant<AddingSample> => ({
    name,
    async round() {
      const numbers = Array.from({ length: starts }, () => `${prefix}${String(++count).padStart(7, '0')}`);
      const before = await stack.cpu();
      const took = await inFlight(numbers, concurrency, start);
      const after = await stack.cpu();
      return {
        perSecond: (starts / took) * 1000,
        clientCpu: (after.driver - before.driver) / starts,
        serverCpu: (after.server - before.server) / starts,
        clientShare: (after.driver - before.driver) / took,
      };
    },
  });
  return pairedRounds(
    [
      contestant('NumberPool.add', '1555', (number) => pool.add(number)),
      contestant('bare starts', '1556', (number) =>
        client.workflow.start('numberLifecycle', {
          workflowId: `bare:${number}`,
          taskQueue: NUMBERS_TASK_QUEUE,
          args: [{ phoneNumber: number, portfolioId }],
        }),
      ),
    ],
    rounds,
    onStep,
  );
}
