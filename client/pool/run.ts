import {
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionInfo,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import { writtenForms } from '../../contract/phone-number';
import { statedAttributes, type AttributeValues } from '../../contract/search-attributes';
import type { NumberState } from '../../contract/number-record';
import { digitsIn, workflowIdOf } from '../../contract/workflow-ids';
import { readingClient } from '../../temporal/reading-client';
import { Sealed } from '../../temporal/sealed';
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
  /** Epoch milliseconds. */
  startedAt: number;
  /** Epoch milliseconds, `null` while it lives. */
  endedAt: number | null;
  /** Who added it; `null` where that is not known, or cannot be read. */
  addedBy: string | null;
  /** The ID of the key that it is encrypted with and that the reader lacks; `null` where it can be read. */
  unreadable: string | null;
}

/** A number in one of these has left the pool: adding it again begins a new life. */
const gone: readonly (NumberState | null)[] = ['Removed', 'Rejected'];

export const isInPool = ({ status, state }: Run): boolean =>
  status === 'RUNNING' || (status === 'COMPLETED' && !gone.includes(state));

/**
 * What Temporal knows of the life that counts; `null` where it has forgotten it. One that records know to be held is Rejected
 * when it is added again: the life before it is what counts.
 */
export const rememberedLife = (run: Run | null): Run | null => (run?.state === 'Rejected' ? null : run);

/**
 * The number's run, in whichever of its written forms it was added: one that runs, else one that is a customer's, else the
 * newest. `null` where it has never been added, or so long ago that Temporal has forgotten it.
 */
export async function findRun(client: Client, digits: string): Promise<Run | null> {
  const found = await Promise.all(writtenForms(digits).map((form) => findRunOf(client, form)));
  const runs = found.filter((run) => run !== null);
  return (
    runs.find(({ status }) => status === 'RUNNING') ??
    runs.find(isInPool) ??
    runs.sort((one, other) => other.startedAt - one.startedAt)[0] ??
    null
  );
}

/** The same in this written form alone. */
export async function findRunOf(client: Client, digits: string): Promise<Run | null> {
  try {
    const handle = readingClient(client).workflow.getHandle(workflowIdOf(digits));
    const { raw, ...info } = await handle.describe();
    return runOf(digits, { ...info, raw: raw.workflowExecutionInfo ?? {} });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** All runs of the numbers, in all their written forms, the newest first; a moment behind, as Temporal's lists are. */
export async function* runsOf(client: Client, phoneNumbers: readonly string[]): AsyncGenerator<Run> {
  const ids = phoneNumbers
    .filter((digits) => /^\d+$/.test(digits))
    .flatMap(writtenForms)
    .map((digits) => `'${workflowIdOf(digits)}'`);
  if (ids.length === 0) return;
  const query = `WorkflowType = 'numberLifecycle' AND WorkflowId IN (${ids.join(', ')})`;
  for await (const info of readingClient(client).workflow.list({ query, pageSize: 1000 }))
    yield runOf(digitsIn(info.workflowId), info);
}

/** Of what a client has listed or described that leaves what it cannot read (`temporal/reading-client.ts`). */
export function runOf(digits: string, info: WorkflowExecutionInfo): Run {
  const attributes = statedAttributes(info.typedSearchAttributes);
  const sealed = Object.values(info.memo ?? {}).find((value) => value instanceof Sealed);
  const addedBy = info.memo?.['addedBy'];
  return {
    digits,
    runId: info.runId,
    firstRunId: info.raw.firstRunId || info.runId,
    status: info.status.name,
    state: attributes.NumberState as NumberState | null,
    attributes,
    startedAt: info.startTime.getTime(),
    endedAt: info.closeTime?.getTime() ?? null,
    addedBy: typeof addedBy === 'string' ? addedBy : null,
    unreadable: sealed?.keyId ?? null,
  };
}

/** Why a number cannot be read, and what to do. */
export function unreadable(digits: string, keyId: string): RefusedError {
  return new RefusedError(
    'Unreadable',
    `+${digits} cannot be read here: it is encrypted with the key ${keyId}. Add that key to PAYLOAD_KEYS, behind the first; if the pool's workers lack it too and it is lost, terminate the workflow ${workflowIdOf(digits)} and add the number again.`,
    digits,
  );
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
