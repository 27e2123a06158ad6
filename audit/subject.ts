import type { Client } from '@temporalio/client';
import { writtenForms } from '../contract/phone-number';
import { customerWorkflowIdOf, workflowIdOf } from '../contract/workflow-ids';
import { digitsInPool } from '../client/pool/phone-number';
import { RefusedError } from '../client/pool/refused-error';
import { findRun, notRunning } from '../client/pool/run';
import { isNotFound } from '../temporal/not-found';
import { readingClient } from '../temporal/reading-client';

/** The newest run of a life, as Temporal tells it. */
export interface NewestRun {
  workflowId: string;
  runId: string;
  /** Of the first run in a row of continued ones. */
  firstRunId: string;
  running: boolean;
}

/** Whose histories are audited. */
export interface Subject {
  /** A number has as many as it has written forms. */
  workflowIds: readonly string[];
  newest(client: Client): Promise<NewestRun | null>;
}

/** @param digits under which the number lives in the pool */
const numberOf = (digits: string): Subject => ({
  workflowIds: writtenForms(digits).map(workflowIdOf),
  async newest(client) {
    const run = await findRun(client, digits);
    return run && { ...run, workflowId: workflowIdOf(run.digits), running: run.status === 'RUNNING' };
  },
});

const customerOf = (wabaId: string): Subject => {
  const workflowId = customerWorkflowIdOf(wabaId);
  return {
    workflowIds: [workflowId],
    async newest(client) {
      try {
        const { runId, raw, status } = await readingClient(client).workflow.getHandle(workflowId).describe();
        const firstRunId = raw.workflowExecutionInfo?.firstRunId || runId;
        return { workflowId, runId, firstRunId, running: status.name === 'RUNNING' };
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
  };
};

/** Whom a text may mean, the likeliest first, and what is said where neither Temporal nor records have a history of any. */
export interface Meant {
  subjects: Subject[];
  unknown: RefusedError;
}

/** @throws {RefusedError} `InvalidMessage` for what is no phone number, saying why */
export async function numberMeant(client: Client, text: string): Promise<Meant> {
  const digits = await digitsInPool(client, text);
  return { subjects: [numberOf(digits)], unknown: notRunning(digits, null) };
}

/**
 * @param text a number as people write it, or the ID of a customer's WABA; `customer:<WABA ID>` where the digits may be both
 * @throws {RefusedError} `InvalidMessage` for what is neither
 */
export async function meant(client: Client, text: string): Promise<Meant> {
  const [, prefix, wabaId] = /^(customer:)?(\d{1,32})$/.exec(text.trim()) ?? [];
  if (wabaId === undefined) return numberMeant(client, text);
  const never = `WABA ${wabaId} was never a customer of ours`;
  if (prefix !== undefined) {
    const unknown = new RefusedError('UnknownCustomer', `${never}.`, wabaId);
    return { subjects: [customerOf(wabaId)], unknown };
  }
  const number = await numberMeant(client, text).catch((error: unknown) => {
    if (error instanceof RefusedError) return { subjects: [], unknown: error };
    throw error;
  });
  const { type, message, number: digits } = number.unknown;
  const neither = `${message.replace(/\.$/, '')}; and ${never}.`;
  return {
    subjects: [...number.subjects, customerOf(wabaId)],
    unknown: new RefusedError(type, neither, digits),
  };
}
