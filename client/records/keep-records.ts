import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import type { KeepInput, KeepProgress } from '../../contract/records-activities';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { recordsIdOf } from '../../contract/workflow-ids';
import { checkClientKeys } from '../../temporal/check-keys';

/**
 * Puts every run that has closed until now into the records. Waits for a search that is already running and then starts its
 * own, because runs may have closed behind the other one's back.
 *
 * @throws {StartError} where the pool's workers and this client cannot read each other: then nothing is begun
 * @throws {Error} with the reason why they could not be kept
 */
export async function keepRecords(
  client: Client,
  input: KeepInput = {},
  onProgress: (line: string) => void = () => undefined,
): Promise<KeepProgress> {
  const workflowId = recordsIdOf(client.options.namespace);
  await checkClientKeys(client);
  for (;;) {
    try {
      const handle = await client.workflow.start('keepRecords', {
        workflowId,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        taskQueue: NUMBERS_TASK_QUEUE,
        args: [input],
        staticSummary: 'Puts closed runs into the records',
      });
      return await resultOf(handle, onProgress);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      onProgress('waiting for the search that is already running');
      await client.workflow
        .getHandle(workflowId)
        .result()
        .catch(() => undefined);
    }
  }
}

async function resultOf(handle: WorkflowHandle, onProgress: (line: string) => void): Promise<KeepProgress> {
  const timer = setInterval(() => void showProgress(handle, onProgress), 2_000);
  try {
    return (await handle.result()) as KeepProgress;
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? (error.cause ?? error) : error;
    const { message } = cause instanceof Error ? cause : { message: String(cause) };
    throw new Error(`The records were not brought up to date. ${message}`, { cause: error });
  } finally {
    clearInterval(timer);
  }
}

/** How far it has come; while the records cannot be written, why. */
async function showProgress(handle: WorkflowHandle, onProgress: (line: string) => void): Promise<void> {
  const [progress, description] = await Promise.all([
    handle.query<KeepProgress>('getProgress').catch(() => null),
    handle.describe().catch(() => null),
  ]);
  const reason = description?.raw.pendingActivities?.[0]?.lastFailure?.message;
  if (reason) onProgress(reason);
  else if (progress)
    onProgress(`${String(progress.found)} closed runs found, ${String(progress.kept)} of them new`);
}
