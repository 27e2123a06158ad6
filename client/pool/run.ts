import {
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionInfo,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import { statedAttributes, type AttributeValues } from '../../contract/search-attributes';
import type { NumberState } from '../../contract/number-record';
import { workflowIdOf } from '../../contract/workflow-ids';
import { RefusedError } from './refused-error';

/** The newest run of a number, as Temporal tells it without asking the number itself. */
export interface Run {
  digits: string;
  runId: string;
  /** Of the first run in a row of continued ones. */
  firstRunId: string;
  status: WorkflowExecutionStatusName;
  /** `null` for a run that was started without search attributes and has not set them yet. */
  state: NumberState | null;
  attributes: AttributeValues;
  /** Epoch milliseconds, `null` while it lives. */
  endedAt: number | null;
}

/** `null` where the number has never been added, or so long ago that Temporal has forgotten it. */
export async function findRun(client: Client, digits: string): Promise<Run | null> {
  try {
    const { raw, ...info } = await client.workflow.getHandle(workflowIdOf(digits)).describe();
    return runOf(digits, { ...info, raw: raw.workflowExecutionInfo ?? {} });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

export function runOf(digits: string, info: Omit<WorkflowExecutionInfo, 'memo'>): Run {
  const attributes = statedAttributes(info.typedSearchAttributes);
  return {
    digits,
    runId: info.runId,
    firstRunId: info.raw.firstRunId ?? info.runId,
    status: info.status.name,
    state: attributes.NumberState as NumberState | null,
    attributes,
    endedAt: info.closeTime?.getTime() ?? null,
  };
}

/** Why a number whose run has ended, or that has none, cannot be asked anything. */
export function notRunning(digits: string, run: Run | null): RefusedError {
  if (!run) {
    return new RefusedError('UnknownNumber', `+${digits} is not in the pool: add it first.`, digits);
  }
  if (run.status === 'COMPLETED') {
    const again = run.state === 'Registered' ? 'nothing can be done.' : 'add it again to begin anew.';
    return new RefusedError(
      'WrongState',
      `+${digits} is ${String(run.state)}: its life has ended, ${again}`,
      digits,
    );
  }
  const end = run.status.toLowerCase().replaceAll('_', ' ');
  return new RefusedError(
    'WrongState',
    `The workflow of +${digits} has ${end === 'failed' ? 'failed' : `been ${end}`}: add the number again to begin anew.`,
    digits,
  );
}
