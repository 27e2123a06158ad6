import { randomInt } from 'node:crypto';
import type { TestNumber, TestStack } from '../support/test-stack';

const DAY = 24 * 60 * 60 * 1000;
const byHand = { requestCode: false, reverify: false, register: false };

/** Brings numbers of their own to a phase, all at once; a call that the phase is about is held at a barrier of the number. */
export type Way = (stack: TestStack, count: number) => Promise<TestNumber[]>;

const each = (numbers: TestNumber[], act: (number: TestNumber) => Promise<unknown>) =>
  Promise.all(numbers.map(act));

const newDigits = () => `1555${String(randomInt(10_000_000)).padStart(7, '0')}`;

async function add(stack: TestStack, count: number, fault?: object): Promise<TestNumber[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const phoneNumber = newDigits();
      if (fault)
        await stack.sim.fault({
          call: 'add_phone_numbers',
          number: phoneNumber,
          barrier: phoneNumber,
          ...fault,
        });
      return stack.add({ phoneNumber, automation: byHand });
    }),
  );
}

const hold = (stack: TestStack, call: string) => (number: TestNumber) =>
  stack.sim.fault({ call, number: number.digits, barrier: number.digits });

const added: Way = async (stack, count) => {
  const numbers = await add(stack, count);
  await each(numbers, (number) => number.until('Added.waiting'));
  return numbers;
};
const codeSent: Way = async (stack, count) => {
  const numbers = await added(stack, count);
  await each(numbers, (number) => number.send('requestCode', {}));
  return numbers;
};
const verified: Way = async (stack, count) => {
  const numbers = await codeSent(stack, count);
  await each(numbers, (number) => number.handInCode());
  return numbers;
};
const after =
  (way: Way, days: number, phase: string): Way =>
  async (stack, count) => {
    const numbers = await way(stack, count);
    await stack.pass(days * DAY + 60_000);
    await each(numbers, (number) => number.until(phase));
    return numbers;
  };
const renewable = after(verified, 45, 'Verified.renewable');
const lapsed = after(verified, 90, 'Unverified.waiting');
const claimed: Way = async (stack, count) => {
  const numbers = await verified(stack, count);
  await each(numbers, (number) => number.takenBy('77'));
  await each(numbers, (number) => number.until('Claimed.verified'));
  return numbers;
};
const claimLapsed = after(claimed, 90, 'Claimed.lapsed');

/** From a phase by a message, whose call is held. */
const holding =
  (from: Way, call: string, act: (number: TestNumber) => Promise<unknown>, phase: string): Way =>
  async (stack, count) => {
    const numbers = await from(stack, count);
    await each(numbers, hold(stack, call));
    await each(numbers, act);
    await each(numbers, (number) => number.until(phase));
    return numbers;
  };
const requesting = (from: Way, phase: string) =>
  holding(from, 'request_code', (number) => number.signal('requestCode', {}), phase);
const deferred =
  (from: Way, phase: string): Way =>
  async (stack, count) => {
    const numbers = await from(stack, count);
    const error = { status: 400, code: 136024, error_subcode: 2388091 };
    await each(numbers, (number) => stack.sim.fault({ call: 'request_code', number: number.digits, error }));
    await each(numbers, (number) => number.signal('requestCode', {}));
    await each(numbers, (number) => number.until(phase));
    return numbers;
  };
const waiting =
  (from: Way, phase: string): Way =>
  async (stack, count) => {
    const numbers = await from(stack, count);
    await each(numbers, (number) => number.send('requestCode', {}));
    await each(numbers, (number) => number.until(phase));
    return numbers;
  };
const verifying = (from: Way, phase: string) =>
  holding(from, 'verify_code', (number) => number.signal('submitCode', { code: '234-567' }), phase);
const removing = (from: Way, phase: string) =>
  holding(from, 'delete_preverified_number', (number) => number.signal('remove', {}), phase);

/** The way to every phase in which a workflow lives. */
export const ways: Record<string, Way> = {
  'Added.adding': (stack, count) => add(stack, count, {}),
  'Added.deferred': async (stack, count) => {
    const numbers = await add(stack, count, { barrier: undefined, error: { status: 400, code: 190 } });
    await each(numbers, (number) => number.until('Added.deferred'));
    return numbers;
  },
  'Added.waiting': added,
  'Added.removing': removing(added, 'Added.removing'),
  'CodeRequested.requesting': requesting(added, 'CodeRequested.requesting'),
  'CodeRequested.deferred': deferred(added, 'CodeRequested.deferred'),
  'CodeRequested.waiting': codeSent,
  'CodeRequested.verifying': verifying(codeSent, 'CodeRequested.verifying'),
  'CodeRequested.removing': removing(codeSent, 'CodeRequested.removing'),
  'Verified.fresh': verified,
  'Verified.renewable': renewable,
  'Verified.renewing.requesting': requesting(renewable, 'Verified.renewing.requesting'),
  'Verified.renewing.deferred': deferred(renewable, 'Verified.renewing.deferred'),
  'Verified.renewing.waiting': waiting(renewable, 'Verified.renewing.waiting'),
  'Verified.renewing.verifying': verifying(
    waiting(renewable, 'Verified.renewing.waiting'),
    'Verified.renewing.verifying',
  ),
  'Verified.claiming': holding(
    verified,
    'create_phone_number',
    (number) => number.signal('claimFor', { wabaId: '77', verifiedName: 'Lucky Shrub' }),
    'Verified.claiming',
  ),
  'Verified.removing': removing(verified, 'Verified.removing'),
  'Unverified.waiting': lapsed,
  'Unverified.removing': removing(lapsed, 'Unverified.removing'),
  'Claimed.verified': claimed,
  'Claimed.registering': holding(
    claimed,
    'register',
    (number) => number.signal('register', {}),
    'Claimed.registering',
  ),
  'Claimed.lapsed': claimLapsed,
  'Claimed.requesting': requesting(claimLapsed, 'Claimed.requesting'),
  'Claimed.deferred': deferred(claimLapsed, 'Claimed.deferred'),
  'Claimed.waiting': waiting(claimLapsed, 'Claimed.waiting'),
  'Claimed.verifying': verifying(waiting(claimLapsed, 'Claimed.waiting'), 'Claimed.verifying'),
};
