import type { History } from '../../../temporal/sdk-internals';
import { Worker } from '@temporalio/worker';
import { RefusedError, type NumberRecord } from '../../../client';
import { auditNumber, renderVerdict } from '../../../audit';
import { readHistory, type Recorded } from '../../../audit/recorded';
import { workflowBundle } from '../../../worker/workflow-bundle';
import { workflowIdOf } from '../../../contract/workflow-ids';
import type { ListedNumber, LoggedCall } from '../../../simulator/client';
import type { Life } from '../lives/life';
import type { StoryName } from '../lives/stories';
import type { ChaosStack } from '../processes/stack';
import type { Acknowledged } from '../people/service';

/** All that is known of one life: what Meta saw, what Temporal holds, what services were answered. */
export interface Evidence {
  life: Life;
  story: StoryName;
  policyDay: number;
  /** Why the life was not played to its end. */
  broken: string | null;
  /** `null`: the number is lost. */
  record: NumberRecord | null;
  history: Recorded[];
  /** Why another worker could not go on with it, `null` where it could. */
  unreplayable: string | null;
  /** Where the chart does not agree with the history. */
  disagreement: string | null;
  calls: LoggedCall[];
  atMeta: ListedNumber[];
  acknowledged: Acknowledged[];
  /** `MessageSid` of what the gateway acknowledged. */
  messages: ReadonlySet<string>;
}

export interface Played {
  life: Life;
  story: StoryName;
  broken: string | null;
}

/** Gathers it, once nothing is under way any more. */
export async function gather(
  stack: ChaosStack,
  played: readonly Played[],
  acknowledged: readonly Acknowledged[],
  messages: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Evidence[]> {
  const calls = await stack.sim.calls();
  const atMeta = await stack.sim.numbers();
  const evidence: Omit<Evidence, 'unreplayable'>[] = [];
  const histories: Histories = [];
  for (const { life, story, broken } of played) {
    const { number } = life;
    evidence.push({
      life,
      story,
      policyDay: stack.policyDay,
      broken,
      ...(await recordOf(stack, number)),
      ...(await fromTemporal(stack, number, histories)),
      calls: calls.filter((call) => call.number === number),
      atMeta: atMeta.filter(({ phoneNumber }) => phoneNumber === number),
      acknowledged: acknowledged.filter((one) => one.number === number),
      messages: messages.get(number) ?? new Set(),
    });
  }
  const faults = await replay(stack, histories);
  return evidence.map((one) => ({
    ...one,
    unreplayable: faults.get(workflowIdOf(one.life.number)) ?? null,
  }));
}

type Histories = { workflowId: string; history: History }[];

async function fromTemporal({ connected: { client } }: ChaosStack, number: string, histories: Histories) {
  try {
    const workflowId = workflowIdOf(number);
    const history = await client.workflow.getHandle(workflowId).fetchHistory();
    histories.push({ workflowId, history });
    const audit = await auditNumber(client, number);
    return {
      history: await readHistory(history.events ?? [], client.options.loadedDataConverter),
      disagreement: audit.agrees ? null : renderVerdict(audit),
    };
  } catch (error) {
    return { history: [], disagreement: `it cannot be audited: ${String(error)}` };
  }
}

/** What could not be replayed, by workflow. One worker for all: each reads the source map of the workflows anew, and keeps it. */
async function replay(
  { connected: { client } }: ChaosStack,
  histories: Histories,
): Promise<Map<string, string>> {
  const faults = new Map<string, string>();
  const options = { workflowBundle: await workflowBundle(), dataConverter: client.options.dataConverter };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    if (error) faults.set(workflowId, String(error));
  }
  return faults;
}

/** A number that does not answer is as broken as one that did not come to its end. */
async function recordOf(
  { pool }: ChaosStack,
  number: string,
): Promise<Pick<Evidence, 'record'> & Partial<Evidence>> {
  try {
    return { record: await pool.get(number) };
  } catch (error) {
    if (error instanceof RefusedError) return { record: null };
    return { record: null, broken: `it does not answer: ${String(error)}` };
  }
}
