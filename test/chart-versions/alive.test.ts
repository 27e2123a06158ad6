import type { WorkflowBundle } from '@temporalio/worker';
import { auditNumber } from '../../audit';
import { workflowBundle } from '../../worker/workflow-bundle';
import { latestChartVersion } from '../../contract/chart-version';
import type { NumberRecord } from '../../contract/number-record';
import { ways } from '../lifecycle/phases';
import { DAY, World, type TestNumber } from '../support/world';
import { oldBuild } from './old-build';

// Numbers live for months, and charts change meanwhile: here a build that knows version 1 alone is followed by this one.

jest.setTimeout(120_000);

let world: World;
let before: WorkflowBundle;
let after: WorkflowBundle;
beforeAll(async () => {
  [before, after] = await Promise.all([oldBuild(), workflowBundle()]);
  world = await World.skippingTime({}, { workflows: before, chartVersion: 1 });
});
afterAll(() => world.close());

/** The versions by which the runs of a number's life went. */
async function versionsOf({ digits }: TestNumber): Promise<number[]> {
  const versions: number[] = [];
  const audit = await auditNumber(world.client, digits);
  for (const { runId, findings, unreadable } of audit.runs) {
    expect({ findings, unreadable }).toEqual({ findings: [], unreadable: null });
    const { events } = await world.client.workflow.getHandle(`number:${digits}`, runId).fetchHistory();
    const [payload] = events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads!;
    versions.push(
      (JSON.parse(Buffer.from(payload!.data!).toString()) as { chartVersion: number }).chartVersion,
    );
  }
  return versions;
}

const ended = ['Registered', 'Removed', 'Rejected'];

async function untilMoved(number: TestNumber): Promise<string> {
  for (;;) {
    const { runId, status } = await world.client.workflow.getHandle(`number:${number.digits}`).describe();
    if (runId !== number.handle.firstExecutionRunId) return 'moved';
    if (status.name === 'COMPLETED') return 'ended';
  }
}

const registerBy = ({ claimedAt }: NonNullable<NumberRecord['claim']>) => ({
  at: new Date(Date.parse(claimedAt) + 90 * DAY).toISOString(),
  what: 'must be registered',
});

let number: TestNumber | undefined;
/** One that has moved over would be held up by the old build of the next test. */
afterEach(() => number?.handle.terminate().catch(() => undefined));

test.each(Object.keys(ways))(
  'a number in %s goes on by version 1, and moves over when nothing is under way',
  async (phase) => {
    await world.deploy(before);
    [number] = await ways[phase]!(world, 1);
    if (!number) throw new Error('there is no number');
    const then = await number.get();
    expect(await number.state()).toBe(phase);

    await world.deploy(after);
    // Replayed from its beginning by the new build, it stands where it stood.
    expect(await number.get()).toEqual(then);
    expect(await versionsOf(number)).toEqual([1]);

    // Something happens: a call is answered where one is under way, a message comes, which changes no state elsewhere.
    await world.sim.release(number.digits).catch(() => undefined);
    if (!phase.endsWith('removing')) await number.signal('release', {});
    const how = await untilMoved(number);
    const now = await number.get();
    expect(now.transitions.slice(0, then.transitions.length)).toEqual(then.transitions);
    if (how === 'ended') {
      expect(ended).toContain(now.state);
      expect(await versionsOf(number)).toEqual([1]);
      return;
    }
    expect(await versionsOf(number)).toEqual([1, latestChartVersion]);
    if (`${now.state}.${now.phase}` === phase) {
      // Version 3 has the deadline of a registration before the claim is confirmed.
      const expected = phase === 'Claimed.unconfirmed' ? registerBy(then.claim!) : then.nextDeadline;
      expect(now.nextDeadline).toEqual(expected);
      expect(now.verificationExpiresAt).toBe(then.verificationExpiresAt);
    }
    if (now.claim === null) {
      expect(await number.send('remove', {})).toMatchObject({ state: 'Removed' });
      expect((await versionsOf(number)).at(-1)).toBe(latestChartVersion);
    }
  },
);
