import {
  continueAsNew,
  defineQuery,
  executeChild,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { KeepInput, KeepProgress, RecordsActivities } from '../../contract/records-activities';
import type { WebhookActivities } from '../../contract/webhook-activities';
import { NUMBERS_TASK_QUEUE } from '../../contract/task-queues';
import { recordsIdOf } from '../../contract/workflow-ids';

/** How far it has come. */
export const getProgress = defineQuery<KeepProgress>('getProgress');

/** After so many pages the workflow continues as new, so that its history stays short. */
const PAGES_PER_RUN = 100;

/** Tried until the records can be written: until then the runs wait in Temporal, as long as its retention lasts. */
const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;
const { keepPage } = proxyActivities<RecordsActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '10 minutes',
  // The activity heartbeats for every run that it reads: a dead worker is noticed within this time.
  heartbeatTimeout: '20 seconds',
  retry,
  summary: 'Keep closed runs',
});
const { startDeliveries } = proxyActivities<WebhookActivities>({
  taskQueue: NUMBERS_TASK_QUEUE,
  startToCloseTimeout: '1 minute',
  retry: { ...retry, maximumInterval: '5 minutes' },
  summary: 'Webhook of the checkpoint',
});

/**
 * Puts every run that has closed since the last time into the records. Its workflow ID is `records:<namespace>`, so that
 * one runs at a time.
 *
 * @param carried the state that an earlier run passes on; callers leave it out
 */
export async function keepRecords(input: KeepInput, carried?: KeepProgress): Promise<KeepProgress> {
  let progress = carried ?? begin(Date.now());
  setHandler(getProgress, () => progress, {
    description: 'How many closed runs were found and kept so far.',
  });
  for (let page = 0; ; page++) {
    if (page === PAGES_PER_RUN || workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof keepRecords>(input, progress);
    setCurrentDetails(details(progress, 'looking for closed runs'));
    const { done, events, ...next } = await keepPage({ ...input, progress });
    progress = next.progress;
    if (!done) continue;
    if (events.length > 0) await startDeliveries({ events });
    setCurrentDetails(details(progress, 'done'));
    return progress;
  }
}

/**
 * Started by the schedule. A schedule appends a time to the workflow ID
 * (https://github.com/temporalio/temporal/issues/4795), so the workflow of which one runs at a time is a child.
 *
 * @returns `null` if one is already running
 */
export async function keepRecordsOnSchedule(): Promise<KeepProgress | null> {
  try {
    const workflowId = recordsIdOf(workflowInfo().namespace);
    return await executeChild(keepRecords, { workflowId, args: [{}] });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

const begin = (startedAt: number): KeepProgress => ({
  startedAt,
  window: null,
  after: null,
  found: 0,
  kept: 0,
  lost: [],
  disagreeing: 0,
});

const details = ({ found, kept, lost, disagreeing }: KeepProgress, step: string): string =>
  [
    `**${step}**: ${found} closed runs found, ${kept} of them new to the records.`,
    ...(lost.length > 0
      ? [`**${lost.length} were deleted by Temporal before they were kept**: ${lost.join(', ')}`]
      : []),
    ...(disagreeing > 0
      ? [`**${disagreeing} do not agree with the chart**: see them with \`records verify\`.`]
      : []),
  ].join('\n\n');
