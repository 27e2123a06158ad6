import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { ActivityFailure } from '@temporalio/common';
import { NUMBERS_TASK_QUEUE } from '../contract/task-queues';
import { orNoWorker } from './no-worker';

/** Milliseconds. */
const SHOWN_EVERY = 2_000;

/** A workflow of which one runs at a time. */
interface Alone {
  type: string;
  workflowId: string;
  input: object;
  /** What the Temporal UI shows of it. */
  summary: string;
  /** What people are told while another run is waited for. */
  waiting: string;
  showProgress: (handle: WorkflowHandle) => Promise<void>;
  /** Stands before the reason where it fails. */
  failed: string;
}

/**
 * Runs it to its end. Waits for a run that is under way already and then starts its own, because what the other one read may
 * have changed since.
 *
 * @throws {Error} with the reason why it failed, or that no worker does it
 */
export async function runAlone<Result>(
  client: Client,
  alone: Alone,
  onProgress: (line: string) => void,
): Promise<Result> {
  for (;;) {
    const handle = await start(client, alone);
    if (handle) return await orNoWorker(client, resultOf<Result>(handle, alone), alone.failed);
    onProgress(alone.waiting);
    const running = client.workflow.getHandle(alone.workflowId);
    const ended = running.result().catch(() => undefined);
    await orNoWorker(client, ended, alone.failed);
  }
}

/** `null` where one is already running. */
async function start(
  client: Client,
  { type, workflowId, input, summary }: Alone,
): Promise<WorkflowHandle | null> {
  try {
    return await client.workflow.start(type, {
      workflowId,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      taskQueue: NUMBERS_TASK_QUEUE,
      args: [input],
      staticSummary: summary,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

async function resultOf<Result>(handle: WorkflowHandle, { showProgress, failed }: Alone): Promise<Result> {
  const timer = setInterval(() => void showProgress(handle), SHOWN_EVERY).unref();
  try {
    return (await handle.result()) as Result;
  } catch (error) {
    // The activity's own message is written for people; those of the failures around it are not.
    const cause = error instanceof WorkflowFailedError ? (error.cause ?? error) : error;
    const reason = cause instanceof ActivityFailure ? (cause.cause ?? cause) : cause;
    throw new Error(`${failed} ${reason instanceof Error ? reason.message : String(reason)}`, {
      cause: error,
    });
  } finally {
    clearInterval(timer);
  }
}
