import { tsToMs } from '../../temporal/sdk-internals';
import { DAY, TestStack, type TestNumber } from '../support/test-stack';

const byHand = { requestCode: true, reverify: false, register: false };
const MINUTE = 60 * 1000;

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.skippingTime();
});
afterAll(() => stack.close());

async function verifiedNumber(automation: Partial<typeof byHand> = byHand) {
  const number = await stack.add({ automation });
  await number.handInCode();
  return number;
}

/** The moment of a record's last transition. */
const changedAt = ({ transitions }: { transitions: { at: string }[] }) =>
  Date.parse(transitions.at(-1)?.at ?? '');

/**
 * That the number's life went on at this very millisecond, not one before, as its history shows: the timer was set to
 * it and the server fired it no sooner. Who asks just before cannot tell, for between two skips the server's clock runs
 * on while the question is on its way: that is shown a minute before.
 */
async function expectDueAt(number: TestNumber, moment: number): Promise<void> {
  const { events } = await number.handle.fetchHistory();
  let now = 0;
  const due = new Map<string, number>();
  const fired: number[] = [];
  for (const event of events ?? []) {
    if (event.workflowTaskStartedEventAttributes) now = tsToMs(event.eventTime);
    const started = event.timerStartedEventAttributes;
    if (started) due.set(String(event.eventId), now + tsToMs(started.startToFireTimeout));
    const { startedEventId } = event.timerFiredEventAttributes ?? {};
    if (due.get(String(startedEventId)) === moment) fired.push(tsToMs(event.eventTime));
  }
  expect([...due.values()]).toContain(moment);
  expect(fired).toHaveLength(1);
  expect(fired[0]).toBeGreaterThanOrEqual(moment);
  expect(fired[0]).toBeLessThan(moment + MINUTE);
  for (const { at, event } of (await number.get()).transitions)
    if (event === 'deadline') expect(Date.parse(at)).toBeGreaterThanOrEqual(moment);
}

test('a number goes from Added to Registered, and the record tells the way', async () => {
  const number = await stack.add();
  await number.handInCode();
  await number.takenBy('77');
  const record = await number.until('Registered');
  expect(record.transitions.map(({ to }) => to)).toEqual([
    'CodeRequested',
    'Verified',
    'Claimed',
    'Registered',
  ]);
  expect(await number.handle.result()).toEqual(record);
  const calls = await stack.sim.calls({ number: number.digits });
  expect(calls.map(({ call }) => call)).toEqual([
    'add_phone_numbers',
    'request_code',
    'verify_code',
    'get_preverified_number',
    'register',
  ]);
  // The claim is proved by the list of its WABA, which is about no single number.
  const lists = await stack.sim.calls({ call: 'phone_numbers' });
  expect(lists.map(({ objectId }) => objectId)).toEqual(['77']);
});

test('an unverified number leaves the pool 90 days after Meta added it, not before (rule 1)', async () => {
  const number = await stack.add({ automation: { requestCode: false } });
  const removal = Date.parse((await number.until('Added.waiting')).nextDeadline?.at ?? '');
  expect(removal - (await stack.now())).toBeGreaterThan(90 * DAY - MINUTE);
  expect(removal - (await stack.now())).toBeLessThanOrEqual(90 * DAY);
  await stack.passUntil(removal - MINUTE);
  expect(await number.state()).toBe('Added.waiting');
  await stack.passUntil(removal + 1);
  expect(changedAt(await number.until('Removed'))).toBeGreaterThanOrEqual(removal);
  await expectDueAt(number, removal);
});

test('a verified number is refused a code before its last 45 days, with the date (rule 3)', async () => {
  const number = await verifiedNumber();
  const { reverifyFrom } = await number.get();
  await stack.passUntil(Date.parse(reverifyFrom ?? '') - MINUTE);
  expect(await number.send('requestCode', {})).toMatchObject({
    refused: 'TooEarlyToReverify',
    message: expect.stringContaining(reverifyFrom ?? 'a date') as string,
  });
  await stack.passUntil(Date.parse(reverifyFrom ?? '') + 1);
  await number.until('Verified.renewable');
  await expectDueAt(number, Date.parse(reverifyFrom ?? ''));
  expect(await number.send('requestCode', {})).toMatchObject({
    state: 'Verified',
    phase: 'renewing.waiting',
  });
  expect(await number.handInCode()).toMatchObject({ state: 'Verified', phase: 'fresh' });
});

test('an unclaimed number lapses when its verification expires and can be verified again (rule 2)', async () => {
  const number = await verifiedNumber();
  const expiry = Date.parse((await number.get()).verificationExpiresAt ?? '');
  await stack.passUntil(expiry - MINUTE);
  expect(await number.state()).toBe('Verified.renewable');
  await stack.passUntil(expiry + 1);
  const lapsed = await number.until('Unverified.waiting');
  expect(changedAt(lapsed)).toBeGreaterThanOrEqual(expiry);
  expect(lapsed.nextDeadline).toBeNull();
  await expectDueAt(number, expiry);
  await number.send('requestCode', {});
  expect(await number.handInCode()).toMatchObject({ state: 'Verified' });
});

test('a number with automation asks for its renewal in the first half of its window, and does not lapse', async () => {
  const number = await verifiedNumber({ requestCode: true, reverify: true, register: false });
  const before = await number.get();
  const window = Date.parse(before.reverifyFrom ?? '');
  await stack.passUntil(window - MINUTE);
  const requests = async () =>
    (await stack.sim.calls({ call: 'request_code', number: number.digits })).length;
  expect(await requests()).toBe(1);
  // At a place of its own; nobody reads those codes.
  await stack.passUntil(window + 22.5 * DAY);
  await number.until('Verified.renewable');
  expect(await requests()).toBeGreaterThan(1);
  await number.send('requestCode', {});
  const code = await stack.sim.latestMessage(number.digits);
  expect(await number.send('submitCode', { code })).toMatchObject({ state: 'Verified', phase: 'fresh' });
  await stack.passUntil(Date.parse(before.verificationExpiresAt ?? '') + MINUTE);
  expect((await number.get()).state).toBe('Verified');
});

test("Meta's own expiry wins over arithmetic (rule 5)", async () => {
  const number = await stack.add({ automation: byHand, policy: { verifiedFor: '60 days' } });
  await number.handInCode();
  const { verifiedAt, verificationExpiresAt } = await number.get();
  const expiry = Date.parse(verificationExpiresAt ?? '');
  expect(expiry - Date.parse(verifiedAt ?? '')).toBe(90 * DAY);
  await stack.passUntil(expiry + 1);
  await number.until('Unverified.waiting');
  await expectDueAt(number, expiry);
});

test('a claimed number must be registered within 90 days, or it is verified anew (rule 4)', async () => {
  const number = await verifiedNumber();
  await number.takenBy('78');
  const { nextDeadline } = await number.until('Claimed.verified');
  const due = Date.parse(nextDeadline?.at ?? '');
  await stack.passUntil(due - MINUTE);
  expect(await number.state()).toBe('Claimed.verified');
  await stack.passUntil(due + 1);
  await number.until('Claimed.lapsed');
  await expectDueAt(number, due);
  expect(await number.send('register', {})).toMatchObject({ refused: 'WrongState' });
  await number.send('requestCode', { method: 'VOICE' });
  expect(await number.handInCode()).toMatchObject({ state: 'Claimed', phase: 'verified' });
  expect(await number.send('register', { pin: '123456' })).toMatchObject({ state: 'Registered' });
});

test('registration waits 72 hours when Meta says that its ten tries are spent (133016)', async () => {
  const number = await verifiedNumber({ requestCode: true, reverify: false, register: true });
  await stack.sim.fault({
    call: 'register',
    number: number.digits,
    times: 1,
    error: { status: 400, code: 133016, message: 'Too many registrations' },
  });
  await number.takenBy('79');
  const waiting = await number.until('Claimed.verified');
  expect(waiting.problem).toMatchObject({ code: '133016' });
  await stack.pass(72 * 60 * MINUTE - MINUTE);
  expect(await number.state()).toBe('Claimed.verified');
  await stack.pass(2 * MINUTE);
  await number.until('Registered');
  await expectDueAt(number, Date.parse(waiting.problem?.since ?? '') + 72 * 60 * MINUTE);
  expect(await stack.sim.calls({ call: 'register', number: number.digits })).toHaveLength(2);
});

test('a code dies after ten minutes, and the number says so', async () => {
  const number = await stack.add({ automation: { requestCode: false } });
  await number.until('Added.waiting');
  await number.send('requestCode', {});
  const code = await stack.sim.nextMessage(number.digits);
  await number.until('CodeRequested.waiting');
  await stack.pass(11 * MINUTE);
  expect(await number.until('Added.waiting')).toMatchObject({ problem: { code: 'CodeNotReceived' } });
  expect(await number.send('submitCode', { code })).toMatchObject({ refused: 'WrongState' });
});
