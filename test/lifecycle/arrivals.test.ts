import { DETAILS_QUERY } from '../../workflows/current-details';
import { TestStack, type TestNumber } from '../support/test-stack';

/** Messages may arrive at any moment: too early, too late, twice, or while something else is under way. */

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.skippingTime();
});
afterAll(async () => {
  await stack.sim.clearFaults();
  await stack.close();
});

const DAY = 24 * 60 * 60 * 1000;
const MINUTE = 60 * 1000;
const byHand = { requestCode: false, reverify: false, register: false };

const added = async () => {
  const number = await stack.add({ automation: byHand });
  await number.until('Added.waiting');
  return number;
};
const codeSent = async () => {
  const number = await added();
  await number.send('requestCode', {});
  return { number, code: await stack.sim.nextMessage(number.digits) };
};
const verified = async () => {
  const { number, code } = await codeSent();
  await number.send('submitCode', { code });
  return number;
};
const hold = (number: TestNumber, call: string, more: object = {}) =>
  stack.sim.fault({ call, number: number.digits, barrier: number.digits, ...more });
const calls = async (number: TestNumber, call: string) =>
  (await stack.sim.calls({ call, number: number.digits })).length;
/** Another code than the one that was sent. */
const otherThan = (text: string) => (text.replace(/\D/g, '') === '000000' ? '000001' : '000000');

test('what the UI reads of a number says where it stands then', async () => {
  const { number, code } = await codeSent();
  const details = async () =>
    (await number.handle.query<{ currentDetails: string }>(DETAILS_QUERY)).currentDetails;
  expect(await details()).toContain('CodeRequested');
  await number.send('submitCode', { code });
  expect(await details()).toContain('Verified');
});

describe('codes', () => {
  test('a wrong code is told to its sender and changes nothing; the right one still verifies', async () => {
    const { number, code } = await codeSent();
    expect(await number.send('submitCode', { code: otherThan(code) })).toMatchObject({
      refused: 'WrongCode',
    });
    expect(await number.state()).toBe('CodeRequested.waiting');
    expect((await number.get()).problem).toMatchObject({ code: 'WrongCode' });
    expect(await number.send('submitCode', { code })).toMatchObject({ state: 'Verified', problem: null });
  });

  test('a wrong code that nobody waits for is kept to be seen, once Meta has called it wrong', async () => {
    const { number, code } = await codeSent();
    await hold(number, 'verify_code');
    await number.signal('submitCode', { code: otherThan(code) });
    await stack.sim.arrived(number.digits);
    expect(await number.get()).toMatchObject({ phase: 'verifying', lastRefusal: null });
    await stack.sim.release(number.digits);
    const { lastRefusal } = await number.until('CodeRequested.waiting');
    expect(lastRefusal).toMatchObject({ name: 'submitCode', type: 'WrongCode' });
  });

  test('a code that Meta called wrong is not handed in again', async () => {
    const { number, code } = await codeSent();
    await number.send('submitCode', { code: otherThan(code) });
    expect(await number.send('submitCode', { code: otherThan(code) })).toMatchObject({
      refused: 'WrongCode',
    });
    expect(await calls(number, 'verify_code')).toBe(1);
  });

  test('a code that comes too late is refused and not handed in', async () => {
    const { number, code } = await codeSent();
    await stack.pass(10 * MINUTE);
    await number.until('Added.waiting');
    expect(await number.send('submitCode', { code })).toMatchObject({
      refused: 'WrongState',
      message: expect.stringContaining('ask for one with requestCode') as string,
    });
    expect(await calls(number, 'verify_code')).toBe(0);
  });

  test('a code that comes twice is handed in once, and both senders are answered', async () => {
    const { number, code } = await codeSent();
    await hold(number, 'verify_code');
    const first = number.send('submitCode', { code });
    await stack.sim.arrived(number.digits);
    const second = number.send('submitCode', { code });
    await stack.sim.release(number.digits);
    expect(await first).toMatchObject({ state: 'Verified' });
    expect(await second).toMatchObject({ state: 'Verified' });
    expect(await number.send('submitCode', { code })).toMatchObject({ state: 'Verified' });
    expect(await calls(number, 'verify_code')).toBe(1);
  });

  test('a code that comes before request_code has answered is kept and handed in', async () => {
    const number = await added();
    await hold(number, 'request_code', { hold: 'answer' });
    await number.signal('requestCode', {});
    const code = await stack.sim.nextMessage(number.digits);
    expect(await number.state()).toBe('CodeRequested.requesting');
    const sent = number.send('submitCode', { code });
    await stack.sim.arrived(number.digits);
    await stack.sim.release(number.digits);
    expect(await sent).toMatchObject({ state: 'Verified' });
    expect(await calls(number, 'request_code')).toBe(1);
  });
});

describe('claims', () => {
  test('of two claims the first one counts, and the second is refused with the WABA that has the number', async () => {
    const number = await verified();
    await number.takenBy('71');
    expect(await number.send('claim', { wabaId: '72', source: 'test' })).toMatchObject({
      refused: 'AlreadyClaimed',
      message: expect.stringContaining('71') as string,
    });
    expect((await number.get()).claim).toMatchObject({ wabaId: '71' });
  });

  test('of two claims at once one is taken, and the same one twice is one', async () => {
    const number = await verified();
    const { preverifiedId } = await number.get();
    await stack.sim.claim(preverifiedId ?? '', '71');
    const claim = (wabaId: string) => number.send('claim', { wabaId, source: 'test' });
    const ends = await Promise.all([claim('71'), claim('71'), claim('71')]);
    for (const end of ends) expect(end).toMatchObject({ state: 'Claimed', claim: { wabaId: '71' } });
    expect((await number.get()).transitions.filter(({ to }) => to === 'Claimed')).toHaveLength(1);
  });

  test('a claim while a renewal is under way ends it: the code that comes is not handed in', async () => {
    const number = await verified();
    await stack.pass(45 * DAY + MINUTE);
    await number.until('Verified.renewable');
    await hold(number, 'request_code', { hold: 'answer' });
    const renewal = number.send('requestCode', {});
    await stack.sim.arrived(number.digits);
    const code = await stack.sim.latestMessage(number.digits);
    expect(await number.takenBy('73')).toMatchObject({ state: 'Claimed', phase: 'verified' });
    await stack.sim.release(number.digits);
    expect(await renewal).toMatchObject({ refused: 'WrongState' });
    expect(await number.send('submitCode', { code })).toMatchObject({ refused: 'WrongState' });
    expect(await calls(number, 'verify_code')).toBe(1);
    expect(await number.send('register', {})).toMatchObject({ state: 'Registered' });
  });
});
