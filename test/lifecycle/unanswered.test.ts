import { TestStack } from '../support/test-stack';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.skippingTime();
});
afterAll(() => stack.close());

const MINUTE = 60_000;
const trouble = { error: { code: 1, message: 'An unknown error occurred' }, times: null };

test('a code that Meta cannot check for as long as it lives is a problem with words, and another is asked for', async () => {
  const number = await stack.add();
  await number.until('CodeRequested.waiting');
  await stack.sim.fault({ call: 'verify_code', number: number.digits, ...trouble });
  await number.signal('submitCode', { code: await stack.sim.nextMessage(number.digits) });
  await stack.pass(12 * MINUTE);
  const { problem } = await number.until('CodeRequested.deferred');
  expect(problem).toMatchObject({ code: expect.stringMatching(/^(1|network)$/) as string });
  expect(problem?.whatToDo).toContain('WhatsApp Business Platform');
  await stack.sim.clearFaults();
  await stack.pass(60 * MINUTE);
  expect(await number.handInCode()).toMatchObject({ state: 'Verified', problem: null });
});

test('a look that has no end does not hold up the looks for other reports', async () => {
  const number = await stack.add({ automation: { register: false } });
  await number.handInCode();
  await stack.sim.fault({ call: 'phone_numbers', ...trouble });
  await number.signal('claim', { wabaId: '66', source: 'a rumour' });
  await number.signal('claim', { wabaId: '77', source: 'test' });
  await stack.pass(62 * MINUTE);
  const { reportedClaims } = await number.get();
  expect(reportedClaims).toContainEqual(expect.objectContaining({ wabaId: '66', looks: 1 }));
  await stack.sim.clearFaults();
  await number.takenBy('77');
  expect(await number.get()).toMatchObject({ state: 'Claimed', claim: { wabaId: '77' } });
});
