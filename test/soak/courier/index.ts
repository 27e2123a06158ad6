import { getExternalWorkflowHandle, sleep } from '@temporalio/workflow';
import { workflowIdOf } from '../../../contract/workflow-ids';

export interface Delivery {
  to: string;
  text: string;
  /** Milliseconds from sending to each arrival: one copy or more. */
  after: number[];
}

/** Brings what Meta sent to a telephone to the number here, as the gateway does; in Temporal's time, so that minutes count. */
export async function courier({ to, text, after }: Delivery): Promise<void> {
  let passed = 0;
  for (const moment of after) {
    await sleep(moment - passed);
    passed = moment;
    // A number whose life has ended reads no more.
    await getExternalWorkflowHandle(workflowIdOf(to))
      .signal('receiveCode', { text, by: 'phone network' })
      .catch(() => undefined);
  }
}
