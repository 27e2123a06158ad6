import { isGrpcServiceError, type Client } from '@temporalio/client';
import { status } from '@grpc/grpc-js';
import { recordsIdOf } from '../../contract/workflow-ids';
import { StartError } from '../../settings/start-error';

/** Which records a process has opened: `id` is the chain's UUID, `shown` where they are. */
interface OpenRecords {
  namespace: string;
  id: string;
  shown: string;
}

/**
 * The note of the schedule that keeps records names them, for all processes of a namespace to agree by.
 *
 * @throws {StartError} where the namespace's workers keep other records
 */
export async function checkSameRecords(client: Client, { namespace, id, shown }: OpenRecords): Promise<void> {
  const note = await noteOfSchedule(client, namespace);
  if (note === null || note.includes(id)) return;
  const scheduleId = recordsIdOf(namespace);
  throw new StartError(
    `The namespace ${namespace} has other records than those at ${shown}. Its schedule ${scheduleId} says: ${note}`,
    `set RECORDS_URL as its other workers have it. If the records are to be these from now on, stop the workers and remove the schedule with "temporal schedule delete --namespace ${namespace} --schedule-id ${scheduleId}"`,
  );
}

/** `null` where there is no such schedule yet, or nobody wrote a note to it. */
async function noteOfSchedule(client: Client, namespace: string): Promise<string | null> {
  const scheduleId = recordsIdOf(namespace);
  try {
    const { schedule } = await client.workflowService.describeSchedule({ namespace, scheduleId });
    return schedule?.state?.notes ?? null;
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === status.NOT_FOUND) return null;
    throw error;
  }
}
