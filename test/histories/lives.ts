import { DAY, type TestNumber, type TestStack } from '../support/test-stack';

const HOUR = DAY / 24;

/** A way through a number's life. Together they make every call of the chart, set every timer and take every message. */
export type Life = (stack: TestStack) => Promise<TestNumber>;

const byHand = { requestCode: false, reverify: false, register: false };

/** From a phase on that it reaches by itself, after so many days. */
const after = async (stack: TestStack, days: number, number: TestNumber, phase: string) => {
  await stack.pass(days * DAY);
  return number.until(phase);
};

/** On the time-skipping server. */
export const lives: Record<string, Life> = {
  'happy-path': async (stack) => {
    const number = await stack.add({ phoneNumber: '15550000001' });
    await number.handInCode();
    await number.takenBy('77');
    await number.until('Registered');
    return number;
  },

  renewal: async (stack) => {
    const number = await stack.add({ phoneNumber: '15550000002', automation: { register: false } });
    await number.handInCode();
    // It has asked by itself, more than once: nobody read those codes.
    await after(stack, 46, number, 'Verified.renewable');
    await after(stack, 22, number, 'Verified.renewable');
    await number.send('requestCode', {});
    await number.signal('submitCode', { code: await stack.sim.latestMessage(number.digits) });
    await number.until('Verified.fresh');
    await after(stack, 30, number, 'Verified.fresh');
    await number.takenBy('77');
    await number.send('register', { pin: '123456' });
    await number.until('Registered');
    return number;
  },

  lapse: async (stack) => {
    const number = await stack.add({ phoneNumber: '15550000003', automation: { reverify: false } });
    await number.handInCode();
    await after(stack, 91, number, 'Unverified.waiting');
    await number.signal('receiveCode', { text: 'WhatsApp code 123-456' });
    await number.send('takeCode', {});
    await number.send('requestCode', { method: 'VOICE' });
    await number.handInCode();
    await number.takenBy('77');
    await number.until('Registered');
    return number;
  },

  'claim-lapsed': async (stack) => {
    const number = await stack.add({ phoneNumber: '15550000004', automation: { register: false } });
    await number.handInCode();
    await number.takenBy('77');
    await after(stack, 91, number, 'Claimed.lapsed');
    await number.send('requestCode', {});
    await number.handInCode();
    await number.send('register', {});
    await number.until('Registered');
    return number;
  },

  'customer-left': async (stack) => {
    const number = await stack.add({ phoneNumber: '15550000009', automation: { register: false } });
    await number.handInCode();
    await number.takenBy('77');
    await number.send('endClaim', { wabaId: '77', reason: 'WABA 77 has left: PARTNER_REMOVED', by: 'Meta' });
    await number.until('Removed');
    return number;
  },

  'never-verified': async (stack) => {
    const number = await stack.add({ phoneNumber: '15550000005', automation: byHand });
    await number.until('Added.waiting');
    await after(stack, 91, number, 'Removed');
    return number;
  },

  rejected: async (stack) => {
    const phoneNumber = '15550000006';
    await stack.sim.fault({ call: 'add_phone_numbers', number: phoneNumber, error: { code: 100 } });
    const number = await stack.add({ phoneNumber });
    await number.until('Rejected');
    return number;
  },

  /** Wrong, late and unasked codes, lost answers, refusals, and every message that the others do not send. */
  'all-else': async (stack) => {
    const { sim } = stack;
    const number = await stack.add({ phoneNumber: '15550000007', automation: byHand });
    await number.until('Added.waiting');
    await number.signal('nonsense' as 'refresh', {});
    await number.signal('submitCode', { code: '123-456' });
    await number.signal('receiveCode', { text: 'WhatsApp code 123-456' });
    await number.send('share', { partnerBusinessId: '5' });
    await number.send('unshare', { partnerBusinessId: '5' });
    await sim.fault({ call: 'request_code', number: number.digits, error: { code: 4 } });
    await number.send('requestCode', {});
    await after(stack, 1, number, 'Added.waiting');
    await number.send('requestCode', {});
    await number.send('submitCode', { code: '000000' });
    await sim.fault({ call: 'verify_code', number: number.digits, answerLost: true });
    await number.send('submitCode', { code: await sim.latestMessage(number.digits) });
    await number.send('refresh', {});
    await number.send('reserve', { customerId: 'lucky-shrub', ttl: '1 hour' });
    await number.send('reserve', { customerId: 'another' });
    await number.send('release', {});
    await number.send('reserve', { customerId: 'lucky-shrub', ttl: '1 hour' });
    await stack.pass(DAY);
    await sim.fault({ call: 'delete_preverified_number', number: number.digits, error: { code: 200 } });
    await number.send('remove', {});
    // Nobody took it: it is looked for six times, and given up.
    await number.send('claim', { wabaId: '88', source: 'a rumour' });
    await stack.pass(HOUR);
    await number.send('claimFor', { wabaId: '77', verifiedName: 'Lucky Shrub' });
    await number.send('register', { pin: '123456' });
    await number.until('Registered');
    return number;
  },
};

/** Over two runs, on a development server that suggests the second one early. */
export const inTwoRuns: Life = async (stack) => {
  const number = await stack.add({ phoneNumber: '15550000008' });
  await number.handInCode();
  await number.send('reserve', { customerId: 'lucky-shrub' });
  await number.takenBy('77');
  await number.until('Registered');
  return number;
};
