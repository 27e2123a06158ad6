import {
  getExternalWorkflowHandle,
  isCancellation,
  proxyActivities,
  sleep,
  TemporalFailure,
} from '@temporalio/workflow';
import { graphFailureIn } from '../../contract/graph-failure';
import type { WabaId } from '../../contract/ids';
import type { MessageName, MessagePayload } from '../../contract/messages';
import type {
  ReconcileActivities,
  ReconcileGraphActivities,
  WabaNumber,
} from '../../contract/reconcile-activities';
import { writtenForms } from '../../contract/phone-number';
import { GRAPH_TASK_QUEUE, NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { workflowIdOf } from '../../contract/workflow-ids';

const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' } as const;

/** Calls to Meta; the task queue's rate limit holds for all workers. */
export const graph = proxyActivities<ReconcileGraphActivities>({
  taskQueue: GRAPH_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  // The activities heartbeat: a call on a worker that died is retried before its minute is over.
  heartbeatTimeout: '15 seconds',
  retry,
});

/** Calls to Temporal. */
export const local = proxyActivities<ReconcileActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  retry,
});

/** Repeats a Graph call for as long as Meta asks to wait, after the wait that Meta states. */
export async function withStatedWaits<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const failure = graphFailureIn(error);
      if (failure?.handling !== 'wait' || failure.retryAfter === null) throw error;
      await sleep(failure.retryAfter, { summary: `Meta asks to wait: ${failure.message}`.slice(0, 200) });
    }
  }
}

/** All numbers of a WABA. A WABA holds few, so they are not handled page by page. */
export async function numbersOf(
  wabaId: WabaId,
  run: <Answer>(call: () => Promise<Answer>) => Promise<Answer>,
): Promise<WabaNumber[]> {
  const numbers: WabaNumber[] = [];
  let after: string | null = null;
  do {
    const page = await run(() => graph.readWaba({ wabaId, after }));
    numbers.push(...page.items);
    after = page.after;
  } while (after !== null);
  return numbers;
}

/** Signals a number's workflow, in whichever of its written forms it lives; `false` if the number has none that can take the signal. */
export async function signalNumber<Name extends MessageName>(
  phoneNumber: string,
  name: Name,
  payload: MessagePayload<Name>,
): Promise<boolean> {
  for (const form of writtenForms(phoneNumber)) {
    if (await signalForm(form, name, payload)) return true;
  }
  return false;
}

async function signalForm(form: string, name: MessageName, payload: object): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowIdOf(form)).signal(name, payload);
    return true;
  } catch (error) {
    // Temporal fails such a signal if no workflow runs under the ID, or if it has taken as many signals as one may. The
    // SDK has no class for either: seen with SDK 1.24, no public issue known
    // (https://github.com/temporalio/sdk-java/issues/1374 is the same in Java).
    if (error instanceof TemporalFailure && !isCancellation(error)) return false;
    throw error;
  }
}

/** Reports a claim to the number. A number ignores the report of a claim that it knows. */
export const reportClaim = (wabaId: WabaId, { phoneNumber, phoneNumberId }: WabaNumber, by: string) =>
  signalNumber(phoneNumber, 'claim', { wabaId, phoneNumberId, source: by, by });
