import { workflowInfo } from '@temporalio/workflow';

export interface PinReading {
  /** The human or service that read it. */
  by: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** A PIN can be read once for each life of a number: the workflow ID is what makes a second reading impossible. */
export const pinReadingIdOf = (digits: string, firstRunId: string) => `pin:${digits}:${firstRunId}`;

/** The record that a number's PIN was read; it has nothing else to do. */
// eslint-disable-next-line @typescript-eslint/require-await -- a workflow is async
export async function pinReading({ by }: Pick<PinReading, 'by'>): Promise<PinReading> {
  return { by, at: workflowInfo().startTime.toISOString() };
}
