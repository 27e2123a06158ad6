import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { createNumberActivities } from '../../activities';
import { createGraphClient } from '../../activities/graph';
import { auditExported, readingConverter } from '../../audit';
import { dataConverter } from '../../temporal/data-converter';
import { readSettings } from '../../settings';
import { workflowBundle } from '../../worker/workflow-bundle';
import { latestChartVersion } from '../../contract/chart-version';
import type { NumberStartInput } from '../../contract/number-start';
import { messageNames } from '../../contract/messages';
import { quiet } from '../support/quiet';

// What was decided by a version of the chart must be decided again by every later build: numbers live for months.

beforeAll(quiet);

const versions = Array.from({ length: latestChartVersion }, (_, index) => index + 1);
const read = (file: string) => readFileSync(path.join(__dirname, file), 'utf8');
const histories = versions.flatMap((version) =>
  readdirSync(path.join(__dirname, `v${String(version)}`)).map((name) => `v${String(version)}/${name}`),
);

const settings = readSettings(['payloads'], {});

async function replay(file: string, change = (code: string) => code): Promise<void> {
  const { code } = await workflowBundle();
  await Worker.runReplayHistory(
    { workflowBundle: { code: change(code) }, dataConverter: dataConverter(settings) },
    historyFromJSON(JSON.parse(read(file))),
    `number:${startOf(file).phoneNumber}`,
  );
}

function startOf(file: string): NumberStartInput {
  const [started] = (JSON.parse(read(file)) as { events: Record<string, any>[] }).events;
  const { data } = started!['workflowExecutionStartedEventAttributes'].input.payloads[0];
  return JSON.parse(Buffer.from(data as string, 'base64').toString()) as NumberStartInput;
}

test.each(versions)('version %i of the chart has the histories that matter most, of its own', (version) => {
  const folder = `v${String(version)}/`;
  expect(histories).toEqual(
    expect.arrayContaining(['happy-path', 'renewal', 'lapse'].map((name) => `${folder}${name}.json`)),
  );
  for (const file of histories.filter((name) => name.startsWith(folder)))
    expect(startOf(file).chartVersion).toBe(version);
});

test('together they hold every call to Meta and every message', () => {
  const latest = histories.filter((name) => name.startsWith(`v${String(latestChartVersion)}/`));
  const text = latest.map(read).join('');
  const graph = createGraphClient({ baseUrl: 'http://127.0.0.1', version: 'v24.0', accessToken: 'none' });
  // A PIN is set anew by a workflow of its own, after the number's life.
  const calls = Object.keys(createNumberActivities({ graph, policyDay: 1 })).filter(
    (name) => name !== 'setPin',
  );
  expect(calls.filter((name) => !text.includes(`"activityType":{"name":"${name}"}`))).toEqual([]);
  const isSent = (name: string) => new RegExp(`"(signalName|name)":"${name}"`).test(text);
  expect(messageNames.filter((name) => !isSent(name))).toEqual([]);
});

describe.each(histories)('%s', (file) => {
  test('is replayed as it was decided', () => replay(file));

  test('agrees with the chart', async () => {
    const audit = await auditExported(read(file), readingConverter(settings));
    expect(audit.runs).toMatchObject([{ findings: [], unreadable: null }]);
  });
});

describe('a change of what was decided is found out', () => {
  const edit = (from: string | RegExp, to: string) => (code: string) => {
    const changed = code.replace(from, to);
    if (changed === code) throw new Error(`nothing in the workflows is like ${String(from)}`);
    return changed;
  };

  test.each<[string, string, (code: string) => string]>([
    ['a call that is left out', 'happy-path', edit(/(?<=guard: 'unclaimed',\s*target: )'looking'/, "'none'")],
    [
      'another call in its place',
      'lapse',
      edit(/(?<=registerNumber: \{\s*src: )'registerNumber'/, "'readNumber'"),
    ],
    ['a timer that is not set', 'renewal', edit("renewable: 'renewable'", '')],
    ['a number that does not ask again', 'renewal', edit(/guard: 'mayAskAgain'/, "guard: 'codeHeld'")],
  ])('%s', async (_what, name, change) => {
    await expect(replay(`v1/${name}.json`, change)).rejects.toThrow(DeterminismViolationError);
  });
});
