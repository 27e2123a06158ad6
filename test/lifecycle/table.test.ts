import { WorkflowUpdateFailedError, WorkflowUpdateStage } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { messageNames, type MessageName } from '../../contract/messages';
import { refusals, samples, table } from '../chart/message-table';
import { TestStack, type TestNumber } from '../support/test-stack';
import { ways } from './phases';

/** Every message as signal and as update, in every phase, on a real server: accepted or refused as the chart's table says. */

// Each phase has a stack of its own: no time is skipped while a call is held, even one of a number of another phase.
let stack: TestStack;
beforeEach(async () => {
  stack = await TestStack.skippingTime();
});
afterEach(async () => {
  await stack.sim.clearFaults();
  await stack.close();
});

type Expected = { name: MessageName; refusal: string | null };

const expectedIn = (phase: string): Expected[] =>
  messageNames.map((name, column) => ({
    name,
    refusal: refusals[table[phase]![column] as keyof typeof refusals],
  }));

/** Type of the refusal by the validator; `null` where the update was accepted, whatever becomes of it. */
async function updated(number: TestNumber, name: MessageName): Promise<string | null> {
  const update = await number.handle.startUpdate(name, {
    args: [samples[name]],
    waitForStage: WorkflowUpdateStage.ACCEPTED,
  });
  const { events } = await number.handle.fetchHistory();
  const accepted = events?.some(
    ({ workflowExecutionUpdateAcceptedEventAttributes: event }) =>
      event?.protocolInstanceId === update.updateId,
  );
  // Its call may be held for good: nobody waits for its end.
  if (accepted) return null;
  const error: unknown = await update.result().catch((refused: unknown) => refused);
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  return ((error as WorkflowUpdateFailedError).cause as ApplicationFailure).type ?? null;
}

/** Type of the refusal that the record shows. Of an accepted one whose call then failed it shows that: another type. */
async function signalled(number: TestNumber, name: MessageName): Promise<string | null> {
  await number.handle.signal(name, samples[name]);
  const { lastRefusal } = await number.get();
  if (lastRefusal?.name !== name) return null;
  return Object.values(refusals).includes(lastRefusal.type as never) ? lastRefusal.type : null;
}

test('there is a way to every phase in which a number lives', () => {
  const ended = ['Registered', 'Removed', 'Rejected'];
  const living = Object.keys(table).filter((phase) => !ended.includes(phase));
  expect(Object.keys(ways).sort()).toEqual(living.sort());
});

describe.each(Object.keys(ways))('%s', (phase) => {
  const accepted = expectedIn(phase).filter(({ refusal }) => refusal === null);
  const refused = expectedIn(phase).filter(({ refusal }) => refusal !== null);

  test('takes what the table says as update and as signal, and refuses the rest without a trace', async () => {
    const [first, ...numbers] = await ways[phase]!(stack, 1 + 2 * accepted.length);
    const number = first!;
    expect(await number.state()).toBe(phase);

    const before = await number.get();
    for (const { name, refusal } of refused) {
      expect([name, await updated(number, name)]).toEqual([name, refusal]);
    }
    expect(await number.get()).toEqual(before);
    for (const { name, refusal } of refused) {
      // Shown to nobody, it is refused as a signal for that reason in every phase.
      expect([name, await signalled(number, name)]).toEqual([name, refusal]);
    }
    const { lastRefusal, ...rest } = await number.get();
    expect({ ...rest, lastRefusal: before.lastRefusal }).toEqual(before);
    expect(lastRefusal?.name).toBe(refused.at(-1)?.name);

    await Promise.all(
      accepted.map(async ({ name }, index) => {
        expect([name, await updated(numbers[2 * index]!, name)]).toEqual([name, null]);
        expect([name, await signalled(numbers[2 * index + 1]!, name)]).toEqual([name, null]);
      }),
    );
  }, 120_000);
});
