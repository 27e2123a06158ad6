import type { Client, WorkflowHandle } from '@temporalio/client';
import type { KeepInput, KeepProgress } from '../../contract/records-activities';
import { recordsIdOf } from '../../contract/workflow-ids';
import { checkClientKeys } from '../../temporal/check-keys';
import { isNotFound } from '../../temporal/not-found';
import { decodeOptionalFailureToOptionalError } from '../../temporal/sdk-internals';
import { runAlone } from '../run-alone';

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
  return runAlone<KeepProgress>(
    client,
    {
      type: 'keepRecords',
      workflowId,
      input,
      summary: 'Puts closed runs into the records',
      waiting: 'waiting for the search that is already running',
      showProgress: (handle) => showProgress(client, handle, onProgress),
      failed: 'The records were not brought up to date.',
    },
    onProgress,
  );
}

/** How far it has come; while the records cannot be written, why. */
async function showProgress(
  client: Client,
  handle: WorkflowHandle,
  onProgress: (line: string) => void,
): Promise<void> {
  const [progress, reason] = await Promise.all([
    handle.query<KeepProgress>('getProgress').catch(() => null),
    whyNotKept(client).catch(() => null),
  ]);
  if (reason !== null) onProgress(reason);
  else if (progress)
    onProgress(`${String(progress.found)} closed runs found, ${String(progress.kept)} of them new`);
}

/** Why the search that is under way could not go on the last time that it tried; `null` where it goes on. */
export async function whyNotKept(client: Client): Promise<string | null> {
  const handle = client.workflow.getHandle(recordsIdOf(client.options.namespace));
  const description = await handle.describe().catch((error: unknown) => {
    if (isNotFound(error)) return null;
    throw error;
  });
  const failure = description?.raw.pendingActivities?.[0]?.lastFailure;
  // In a pool with PAYLOAD_KEYS its words are encrypted.
  const error = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, failure);
  return error?.message ?? null;
}
