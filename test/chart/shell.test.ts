import { readCustomerStart } from '../../contract/customer-start';
import { readStart } from '../../contract/number-start';
import { CustomerLife } from '../../workflows/customer/customer-life';
import { UnreadablePayload } from '../../workflows/interpreter/unreadable-payload';
import { NumberLife } from '../../workflows/number/number-life';
import { CustomerWalk, connected } from './customer-walk';
import { added, Walk } from './walk';

// What every life does beside its chart: signals, validators, webhook events, and what one run hands to the next.

const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

const waiting = () => new Walk({ automation: { requestCode: false } }).answer('addNumber', added());

describe('a signal that cannot be taken shows as the last refusal and changes nothing', () => {
  test.each([
    [
      'that cannot be read',
      'reserve',
      new UnreadablePayload('it is no JSON'),
      'reserve could not be read: it is no JSON.',
    ],
    [
      'of a name that is none',
      'reserved',
      {},
      expect.stringMatching(/^There is no message of this name; there are /),
    ],
    ['that only an answer can show', 'takeCode', {}, expect.stringContaining('send takeCode as an update')],
  ])('one %s', (_what, name, payload, message) => {
    const { life, time } = waiting();
    const before = life.now;
    expect(life.signal(name, payload, time)).toMatchObject({ message });
    expect(life.now).toEqual(before);
    expect(life.record().lastRefusal).toMatchObject({ name, message, by: null });
  });
});

test('a signal that began a call keeps the life busy until the call has ended, and then has come to something', () => {
  const walk = waiting();
  const { life } = walk;
  expect(life.idle).toBe(true);
  expect(life.signal('refresh', { by: 'an operator' }, walk.time)).toBeNull();
  life.endTask(walk.time);
  expect(life.idle).toBe(false);
  walk.answer('readNumber', { found: true, ...added() } as never);
  life.endTask(walk.time);
  expect(life.idle).toBe(true);
  expect(life.record().lastRefusal).toBeNull();
});

test('a validator says what would come of a message, and changes nothing', () => {
  const { life, time } = waiting();
  const before = life.now;
  expect(life.validate('reserve', { customerId: 'alice' }, time)).toBeNull();
  expect(life.validate('submitCode', { code: '123456' }, time)).toMatchObject({ type: expect.any(String) });
  expect(life.validate('reserve', {}, time)).toMatchObject({ type: 'InvalidMessage' });
  expect(life.now).toEqual(before);
});

test('webhook events are made where somebody has endpoints, and what was not delivered goes on with the next run', () => {
  const walk = waiting();
  const { life } = walk;
  expect(life.takeWebhookEvents()).toEqual([]);
  life.setWebhooks({ on: true });
  walk.send('requestCode', {});
  const events = life.takeWebhookEvents();
  expect(events).not.toEqual([]);
  expect(life.takeWebhookEvents()).toEqual([]);

  const read = readStart({ phoneNumber: '15550783881', portfolioId: '506914307656634' });
  if (!read.ok) throw new Error(read.fault);
  const next = new NumberLife(read.start, copy(life.carry(1, events)), walk.time);
  expect(next.webhooks).toBe(true);
  expect(next.takeWebhookEvents()).toEqual(copy(events));
  next.setWebhooks({ on: 'perhaps' });
  expect(next.webhooks).toBe(false);
});

test("a customer's life goes on in another run where it was, and may amid any call: each reads before it writes", () => {
  const read = readCustomerStart({ wabaId: '102290129340398', portfolioId: '506914307656634' });
  if (!read.ok) throw new Error(read.fault);
  const there = connected();
  const goesOn = new CustomerLife(read.start, copy(there.life.carry(1)), there.time);
  expect(goesOn.record()).toEqual(there.life.record());

  const amid = new CustomerWalk();
  amid.send('connect', { businessId: '2729063490586005' });
  expect(amid.life.portable).toBe(true);
  const next = new CustomerLife(read.start, copy(amid.life.carry(1)), amid.time);
  expect(next.now.children['subscribeCustomer']?.input).toMatchObject({ retried: true });
});

test('a life that is carried to a newer version of its chart says by which it has lived', () => {
  expect(waiting().life.carry(1)).not.toHaveProperty('movedFrom');
  expect(waiting().life.carry(2)).toMatchObject({ movedFrom: 1 });
});
