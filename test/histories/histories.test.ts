import { historyFromJSON } from '../../temporal/sdk-internals';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { auditExported, readingConverter } from '../../audit';
import { dataConverter } from '../../temporal/data-converter';
import { readSettings } from '../../settings';
import { workflowBundle } from '../../worker/workflow-bundle';
import { quiet } from '../support/quiet';
import { filesOf, histories, kinds, read, startOf, versionsOf } from './kinds';

// What was decided by a version of a chart must be decided again by every later build: numbers live for months, customers
// for years.

beforeAll(quiet);

const settings = readSettings(['payloads'], {});

async function replay(file: string, change = (code: string) => code): Promise<void> {
  const { code } = await workflowBundle();
  await Worker.runReplayHistory(
    { workflowBundle: { code: change(code) }, dataConverter: dataConverter(settings) },
    historyFromJSON(JSON.parse(read(file))),
    startOf(file).workflowId,
  );
}

describe.each(kinds)('of the life of $of', (kind) => {
  test.each(versionsOf(kind))('version %i of the chart has the histories that matter most', (version) => {
    const files = filesOf(kind, version);
    expect(files).toEqual(
      expect.arrayContaining(kind.lives.map((name) => `${kind.folder(version)}/${name}.json`)),
    );
    for (const file of files) expect(startOf(file).chartVersion).toBe(version);
  });

  test('together they hold every call and every message', () => {
    const text = filesOf(kind, kind.latest).map(read).join('');
    expect(kind.calls.filter((name) => !text.includes(`"activityType":{"name":"${name}"}`))).toEqual([]);
    const isSent = (name: string) => new RegExp(`"(signalName|name)":"${name}"`).test(text);
    expect(kind.messages.filter((name) => !isSent(name))).toEqual([]);
  });
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
    [
      'a call that is left out',
      'v1/happy-path',
      edit(/(?<=guard: 'unclaimed',\s*target: )'looking'/, "'none'"),
    ],
    [
      'another call in its place',
      'v1/lapse',
      edit(/(?<=registerNumber: \{\s*src: )'registerNumber'/, "'readNumber'"),
    ],
    ['a timer that is not set', 'v1/renewal', edit("renewable: 'renewable'", '')],
    ['a number that does not ask again', 'v1/renewal', edit(/guard: 'mayAskAgain'/, "guard: 'codeHeld'")],
    [
      'another call in the place of one that costs money',
      'customers/v1/connected',
      edit(/(?<=shareCreditLine: \{\s*src: )'shareCreditLine'/, "'readCustomer'"),
    ],
    ['a token that is not waited for', 'customers/v1/step-failed', edit("signingEnd: '#Connecting'", '')],
    [
      'a customer who leaves before the credit line is revoked',
      'customers/v1/leaving',
      edit(/initial: 'revoking'/, "initial: 'closing'"),
    ],
    [
      'a departure that nobody looks for again',
      'customers/v1/lie',
      edit("nextLook: 'looking'", "nextLook: 'none'"),
    ],
  ])('%s', async (_what, name, change) => {
    await expect(replay(`${name}.json`, change)).rejects.toThrow(DeterminismViolationError);
  });
});
