import { auditNumber, render } from '../../audit';
import { TestStack } from '../support/test-stack';

/** A history that grows too long is continued in another run: nobody may notice but who reads Temporal's list of runs. */

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.suggestingNewRuns(20);
});
afterAll(() => stack.close());

test('a number goes on in a new run with its deadline, its reservation and its past as they were', async () => {
  const number = await stack.add({ automation: { requestCode: true, reverify: false, register: false } });
  await number.handInCode();
  await number.send('reserve', { customerId: 'lucky-shrub', ttl: '1 hour' });
  const before = await number.get();
  await number.send('share', { partnerBusinessId: '5' });

  const { runId } = await stack.client.workflow.getHandle(number.handle.workflowId).describe();
  expect(runId).not.toBe(number.handle.firstExecutionRunId);
  expect(await number.get()).toEqual({ ...before, sharedWith: ['5'] });

  const found = await stack.client.workflow.getHandle(number.handle.workflowId).describe();
  const attributes = Object.fromEntries(
    found.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
  );
  expect(attributes).toMatchObject({
    NumberState: 'Verified',
    CustomerId: 'lucky-shrub',
    NextDeadline: new Date(before.nextDeadline?.at ?? ''),
  });

  await number.takenBy('77');
  expect(await number.send('register', { pin: '123456' })).toMatchObject({
    state: 'Registered',
    claim: { wabaId: '77', customerId: 'lucky-shrub' },
  });

  const audit = await auditNumber(stack.client, number.digits);
  expect(audit.runs.length).toBeGreaterThan(1);
  expect(audit.runs.map(({ findings, unreadable }) => ({ findings, unreadable }))).toEqual(
    audit.runs.map(() => ({ findings: [], unreadable: null })),
  );
  expect(audit.runs.at(-1)?.record).toMatchObject({ state: 'Registered' });
  expect(render(audit, 'markdown')).toContain('Added');
});
