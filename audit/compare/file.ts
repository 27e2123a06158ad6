import type { Client } from '@temporalio/client';
import { historyFromJSON, historyToJSON } from '../../temporal/sdk-internals';
import type { temporal } from '@temporalio/proto';
import { isNotFound } from '../../temporal/not-found';
import type { Finding } from './finding';

type History = temporal.api.history.v1.IHistory;

/** How an exported history differs from what Temporal has of the same run: each event byte for byte, sealed as it is. */
export async function compareFile(client: Client, workflowId: string, json: string): Promise<Finding[]> {
  const file = historyFromJSON(JSON.parse(json));
  const runId = file.events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId;
  if (!runId) return [{ eventId: 1, what: 'the file does not begin with the start of a run' }];
  const history = await historyOf(client, workflowId, runId);
  if (history === null) {
    const what = `Temporal has no run ${runId} of ${workflowId}: the file is of another one, or Temporal has deleted the run, and only records have it`;
    return [{ eventId: 1, what }];
  }
  // Both through the same writer, so that they differ in nothing but what they say.
  const [own, theirs] = [eventsOf(file), eventsOf(historyFromJSON(JSON.parse(historyToJSON(history))))];
  const differing = own.findIndex((event, index) => event !== theirs[index]);
  if (differing >= 0) {
    return [{ eventId: differing + 1, what: 'Temporal has another event here: this one was altered' }];
  }
  const missing = theirs.length - own.length;
  return missing > 0
    ? [{ eventId: own.length, what: `the file ends here, and Temporal has ${String(missing)} more events` }]
    : [];
}

async function historyOf(client: Client, workflowId: string, runId: string): Promise<History | null> {
  try {
    return await client.workflow.getHandle(workflowId, runId).fetchHistory();
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

const eventsOf = (history: History): string[] =>
  (JSON.parse(historyToJSON(history)) as { events: object[] }).events.map((event) =>
    JSON.stringify(sorted(event)),
  );

/** With the fields of each object in the order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, sorted(field)]));
}
