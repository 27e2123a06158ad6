import { Worker } from '@temporalio/worker';
import { dataConverter } from '../../temporal/data-converter';
import type { PayloadKey } from '../../settings';
import { workflowBundle } from '../../worker/workflow-bundle';
import { usage } from '../stack/measured-process';
import type { Recorded } from './record';

export interface Sample {
  historiesPerSecond: number;
  eventsPerSecond: number;
  /** Milliseconds for one history. */
  cpu: number;
}

/** Replays a history so many times, one after the other. @throws if one does not replay */
export async function replay(
  { workflowId, history }: Recorded,
  times: number,
  { keys, workflowsPath }: { keys: PayloadKey[]; workflowsPath?: string | undefined },
): Promise<Sample> {
  const options = {
    workflowBundle: await workflowBundle(undefined, workflowsPath),
    dataConverter: dataConverter({ payloads: { keys } }),
  };
  // One more: the first comes with the start of a worker.
  const histories = Array.from({ length: times + 1 }, () => ({ workflowId, history }));
  let begun = { at: 0, cpu: 0 };
  for await (const { error } of Worker.runReplayHistories(options, histories)) {
    if (error) throw error;
    if (begun.at === 0) begun = { at: performance.now(), cpu: usage().cpu };
  }
  const seconds = (performance.now() - begun.at) / 1000;
  return {
    historiesPerSecond: times / seconds,
    eventsPerSecond: (times * (history.events?.length ?? 0)) / seconds,
    cpu: (usage().cpu - begun.cpu) / times,
  };
}
