import { TestStack, type TestNumber } from '../support/test-stack';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.skippingTime();
});
afterAll(() => stack.close());

const lose = (number: TestNumber | string, call: string) =>
  stack.sim.fault({
    call,
    number: typeof number === 'string' ? number : number.digits,
    times: 1,
    answerLost: true,
  });

const done = async (number: TestNumber, call: string) =>
  (await stack.sim.calls({ call, number: number.digits })).filter(({ status }) => status === 200).length;

describe('an answer that is lost after Meta did as asked never makes it be done twice', () => {
  test('add_phone_numbers: the number is looked up and adopted', async () => {
    const digits = '15551230001';
    await lose(digits, 'add_phone_numbers');
    const number = await stack.add({ phoneNumber: digits });
    await number.until('CodeRequested.waiting');
    expect(await done(number, 'add_phone_numbers')).toBe(1);
  });

  test('request_code: the code may be on its way and is waited for', async () => {
    const number = await stack.add({ automation: { requestCode: false } });
    await number.until('Added.waiting');
    await lose(number, 'request_code');
    expect(await number.send('requestCode', {})).toMatchObject({ state: 'CodeRequested', phase: 'waiting' });
    expect(await number.handInCode()).toMatchObject({ state: 'Verified' });
    expect(await done(number, 'request_code')).toBe(1);
  });

  test('verify_code: the status says that it took', async () => {
    const number = await stack.add();
    await lose(number, 'verify_code');
    expect(await number.handInCode()).toMatchObject({ state: 'Verified', problem: null });
    expect(await done(number, 'verify_code')).toBe(1);
  });

  test('register: the phone number says that it is registered', async () => {
    const number = await stack.add();
    await number.handInCode();
    await lose(number, 'register');
    await number.takenBy('77');
    await number.until('Registered');
    expect(await done(number, 'register')).toBe(1);
  });

  test('claim through the API: the WABA says that it has the number', async () => {
    const number = await stack.add({ automation: { register: false } });
    await number.handInCode();
    await lose(number, 'create_phone_number');
    expect(await number.send('claimFor', { wabaId: '78', verifiedName: 'Lucky Shrub' })).toMatchObject({
      state: 'Claimed',
      phase: 'verified',
    });
  });

  test('remove: what is gone already is removed', async () => {
    const number = await stack.add({ automation: { requestCode: false } });
    await number.until('Added.waiting');
    await lose(number, 'delete_preverified_number');
    expect(await number.send('remove', { reason: 'test' })).toMatchObject({ state: 'Removed' });
  });
});
