import type { Client } from '@temporalio/client';
import type { NumberRecord } from '../../contract/number-record';
import { workflowIdOf } from '../../contract/workflow-ids';
import { answerOf, askedAgain } from './answer';
import { findRun, notRunning, unreadable, type Run } from './run';

/** A number as it stands: an ended one from its result, which needs no worker, a living one from its own answer. */
export async function getRecord(client: Client, digits: string, within: number): Promise<NumberRecord> {
  const run = await findRun(client, digits);
  if (!run) throw notRunning(digits, run);
  return recordOf(client, run, within);
}

/** Of this run, whatever became of the number since. */
export async function recordOf(client: Client, run: Run, within: number): Promise<NumberRecord> {
  const { digits } = run;
  if (run.unreadable !== null) throw unreadable(digits, run.unreadable);
  const handle = client.workflow.getHandle(workflowIdOf(digits), run.runId);
  if (run.status === 'COMPLETED') return (await handle.result()) as NumberRecord;
  // The last word of one that was terminated or failed would pass for what it is now.
  if (run.status !== 'RUNNING') throw notRunning(digits, run);
  return answerOf(client, digits, { name: 'getNumber', within }, () =>
    askedAgain(() => handle.query<NumberRecord>('getNumber')),
  );
}
