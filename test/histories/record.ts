import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '../../temporal/sdk-internals';
import type { temporal } from '@temporalio/proto';
import type { WorkflowHandle } from '@temporalio/client';
import { latestChartVersion, latestCustomerChartVersion } from '../../contract/chart-version';
import { nameAccepted } from '../support/name-accepted';
import { TestStack } from '../support/test-stack';
import { customerLives } from './customers-lives';
import { CustomersStack } from '../support/customers-stack';
import { inTwoRuns, lives } from './lives';

/**
 * `npm run record-histories`: lets numbers and customers live by the latest version of their charts and keeps their histories. They are in
 * clear, for they hold no secret: numbers, codes and tokens are the simulator's. Those of older versions stay as they are.
 */
const numbers = path.join(__dirname, `v${String(latestChartVersion)}`);
const customers = path.join(__dirname, `customers/v${String(latestCustomerChartVersion)}`);

/** Keeps the first run under the life's name, and those that followed it with their place. */
async function record(
  { client }: TestStack,
  place: string,
  handle: WorkflowHandle,
  first: string,
): Promise<void> {
  let runId: string | null | undefined = first;
  for (let number = 1; runId; number++) {
    const history = await client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const file = `${number === 1 ? place : `${place}-${String(number)}`}.json`;
    await writeFile(file, text(history));
    console.log(path.relative(__dirname, file));
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
}

type History = temporal.api.history.v1.IHistory;

/** JSON as Temporal's own tools write and read it, a line for each event. */
function text(history: History): string {
  nameAccepted(history);
  const { events } = JSON.parse(historyToJSON(history)) as { events: object[] };
  return `{"events": [\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
}

async function recordAll(): Promise<void> {
  for (const folder of [numbers, customers]) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  }
  await inside(TestStack.skippingTime(), async (stack) => {
    for (const [name, life] of Object.entries(lives)) {
      const { handle } = await life(stack);
      await record(stack, path.join(numbers, name), handle, handle.firstExecutionRunId);
    }
  });
  await inside(TestStack.suggestingNewRuns(20), async (stack) => {
    const { handle } = await inTwoRuns(stack);
    await record(stack, path.join(numbers, 'two-runs'), handle, handle.firstExecutionRunId);
  });
  await inside(CustomersStack.open(), async (opened) => {
    for (const [name, life] of Object.entries(customerLives)) {
      const { handle } = await life(opened);
      const { runId } = await handle.describe();
      await record(opened.stack, path.join(customers, name), handle, runId);
    }
  });
}

async function inside<Opened extends { close(): Promise<void> }>(
  opened: Promise<Opened>,
  act: (stack: Opened) => Promise<void>,
): Promise<void> {
  const stack = await opened;
  try {
    await act(stack);
  } finally {
    await stack.close();
  }
}

recordAll().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
