import { workflowInfo } from '@temporalio/workflow';
import { PinReading } from '../../contract/pin-reading';

/** The record that a number's PIN was read; it has nothing else to do. */
// eslint-disable-next-line @typescript-eslint/require-await -- a workflow is async
export async function pinReading({ by }: Pick<PinReading, 'by'>): Promise<PinReading> {
  return { by, at: workflowInfo().startTime.toISOString() };
}
