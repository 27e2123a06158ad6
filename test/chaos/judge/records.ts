import { setTimeout } from 'node:timers/promises';
import { readingConverter } from '../../../audit';
import { verifyRecords } from '../../../audit/verify-records';
import { keepRecords } from '../../../client/records/keep-records';
import { knownRuns, openRecords, readEntries, type EntryHeader, type Records } from '../../../records';
import type { ChaosStack } from '../processes/stack';
import type { Fault } from './judge';

/** Has runs kept one search after the other while numbers live, so that the writer is there to be killed. */
export async function keepMeanwhile(stack: ChaosStack, over: AbortSignal, checkpoint = false): Promise<void> {
  while (!over.aborted) {
    // Temporal itself may be the one that is killed.
    await keepRecords(stack.connected.client, { checkpoint }).catch(() => undefined);
    await setTimeout(500, undefined, { signal: over }).catch(() => undefined);
  }
}

/** Every run that has closed is in the records exactly once, in one chain, as it was. */
export async function judgeRecords(stack: ChaosStack): Promise<Fault[]> {
  const fault = (number: string, rule: string, what: string) => ({
    number,
    story: 'records',
    rule,
    fault: what,
  });
  const { client } = stack.connected;
  await keepRecords(client, { checkpoint: true });
  const records = await openRecords(stack.settings);
  try {
    const closed: { runId: string; workflowId: string }[] = [];
    const query = `WorkflowType IN ('numberLifecycle', 'customerLifecycle', 'pinReading', 'pinSetting') AND ExecutionStatus != 'Running'`;
    for await (const { runId, workflowId } of client.workflow.list({ query }))
      closed.push({ runId, workflowId });
    const missing = async () => {
      const known = await knownRuns(
        records,
        closed.map(({ runId }) => runId),
      );
      return closed.filter(({ runId }) => !known.has(runId));
    };
    // What closed since then.
    if ((await missing()).length > 0) await keepRecords(client);
    const lost = await missing();
    const { signingKeys: keys } = stack.settings.records;
    const { entries, faults } = await verifyRecords(records, readingConverter(stack.settings), { keys });
    return [
      ...lost.map(({ runId, workflowId }) =>
        fault(workflowId, 'every closed run is kept', `run ${runId} is not`),
      ),
      ...(await keptTwice(records)).map((runId) =>
        fault(runId, 'no closed run is kept twice', `run ${runId} is`),
      ),
      ...(entries < closed.length
        ? [fault('', 'every closed run is kept', `${entries} entries for ${closed.length} closed runs`)]
        : []),
      ...faults.map(({ runId, what }) => fault(String(runId), 'the chain verifies', what)),
    ];
  } finally {
    await records.close();
  }
}

/** As the entries themselves say, whatever the tables' columns say. */
async function keptTwice(records: Records): Promise<string[]> {
  const times = new Map<string, number>();
  for await (const { header } of readEntries(records)) {
    const entry = JSON.parse(header) as EntryHeader;
    if (entry.kind === 'run') times.set(entry.runId, (times.get(entry.runId) ?? 0) + 1);
  }
  return [...times].filter(([, count]) => count > 1).map(([runId]) => runId);
}
