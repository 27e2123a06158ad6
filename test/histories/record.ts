import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { temporal } from '@temporalio/proto';
import { latestChartVersion } from '../../contract/chart-version';
import { nameAccepted } from '../support/name-accepted';
import { World } from '../support/world';
import { inTwoRuns, lives, type Life } from './lives';

/**
 * `npm run record-histories`: lets numbers live by the latest version of the chart and keeps their histories. They are in
 * clear, for they hold no secret: numbers, codes and tokens are the simulator's. Those of older versions stay as they are.
 */
const folder = path.join(__dirname, `v${String(latestChartVersion)}`);

/** Keeps the first run under the life's name, and those that followed it with their place. */
async function record(world: World, name: string, life: Life): Promise<void> {
  const { handle } = await life(world);
  let runId: string | null | undefined = handle.firstExecutionRunId;
  for (let place = 1; runId; place++) {
    const history = await world.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const file = `${place === 1 ? name : `${name}-${String(place)}`}.json`;
    await writeFile(path.join(folder, file), text(history));
    console.log(file);
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
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await inside(World.skippingTime(), async (world) => {
    for (const [name, life] of Object.entries(lives)) await record(world, name, life);
  });
  await inside(World.suggestingNewRuns(20), (world) => record(world, 'two-runs', inTwoRuns));
}

async function inside(opened: Promise<World>, act: (world: World) => Promise<void>): Promise<void> {
  const world = await opened;
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

recordAll().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
