import type { WorkflowHandle } from '@temporalio/client';
import type { NumberRecord } from '../../contract/number-record';
import { workflowIdOf } from '../../contract/workflow-ids';
import type { Actors } from './actors';
import type { Evidence } from './judge';
import type { Plan } from './plan';
import type { SoakStack } from './soak-stack';

/** Asks everybody: the numbers themselves, Temporal's histories, Meta, and the customers. */
export async function collect(plan: Plan, stack: SoakStack, actors: Actors): Promise<Evidence[]> {
  const [calls, atMeta, runs] = await Promise.all([
    stack.sim.calls(),
    stack.sim.numbers(),
    stack.known.runs(),
  ]);
  const alive = new Map(runs.map(({ digits, status }) => [digits, status === 'RUNNING']));
  const evidence: Evidence[] = [];
  for (const number of plan.numbers) {
    const { digits } = number;
    evidence.push({
      plan: number,
      record: alive.has(digits) ? await recordOf(stack, digits) : null,
      timers: alive.get(digits) ? await timersOf(stack.client.workflow.getHandle(workflowIdOf(digits))) : 0,
      calls: calls.filter(({ number: called }) => called === digits),
      taken: actors.taken.get(digits),
      sharedWith: atMeta.find(({ phoneNumber }) => phoneNumber === digits)?.sharedWith ?? [],
    });
  }
  return evidence;
}

/** By a query, which lets no time pass as awaiting a result does. */
const recordOf = ({ client }: SoakStack, digits: string) =>
  client.workflow.getHandle(workflowIdOf(digits)).query<NumberRecord>('getNumber');

/** How many timers the workflow waits for. */
async function timersOf(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  const waiting = new Set<string>();
  for (const {
    timerStartedEventAttributes,
    timerFiredEventAttributes,
    timerCanceledEventAttributes,
  } of events ?? []) {
    if (timerStartedEventAttributes?.timerId) waiting.add(timerStartedEventAttributes.timerId);
    const ended = timerFiredEventAttributes ?? timerCanceledEventAttributes;
    if (ended?.timerId) waiting.delete(ended.timerId);
  }
  return waiting.size;
}
