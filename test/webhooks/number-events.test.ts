import type { BusinessId } from '../../contract/ids';
import type { WebhookEvent } from '../../contract/webhook-events';
import { added as addedByMeta, confirmed, DAY, MINUTE, verifiedAt, Walk } from '../chart/walk';

/** By a worker that has endpoints. */
const added = () => ({ ...addedByMeta(), webhooks: true });

/** The events that a step of a walk causes. */
function eventsOf(walk: Walk, step: () => unknown): WebhookEvent[] {
  walk.life.takeWebhookEvents();
  step();
  return walk.life.takeWebhookEvents();
}

const byHand = { automation: { requestCode: false, reverify: false, register: false } };
const types = (events: WebhookEvent[]) => events.map(({ type }) => type);

function verified(partners: string[] = []): Walk {
  const walk = new Walk(byHand);
  walk.answer('addNumber', { ...added(), sharedWith: partners as BusinessId[] });
  walk.send('requestCode', {});
  walk.answer('requestCode', { outcome: 'sent' });
  walk.send('submitCode', { code: '123456' });
  walk.answer('verifyCode', verifiedAt(walk.time));
  return walk;
}

test("a number causes an event when it is added to Meta's pool, and for each change of state from then on", () => {
  const walk = new Walk();
  const events = eventsOf(walk, () => walk.answer('addNumber', added()));
  expect(events).toMatchObject([
    { type: 'number.added', data: { state: 'Added', from: null } },
    { type: 'number.code_requested', data: { state: 'CodeRequested', from: 'Added', event: 'addNumber' } },
  ]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  for (const { id } of events) expect(id).toMatch(/^15550783881:[\w-]+:\d+$/);
  expect(eventsOf(walk, () => walk.answer('requestCode', { outcome: 'sent' }))).toEqual([]);
});

test('a number that gets something else than its code says so once, and what it was', () => {
  const walk = new Walk().answer('addNumber', added()).answer('requestCode', { outcome: 'sent' });
  const sms = { text: 'Withheld by the carrier', from: '32665', method: 'SMS' } as const;
  const [event, ...others] = eventsOf(walk, () => walk.send('receiveCode', sms));
  expect(event).toMatchObject({
    type: 'warning.code_not_received',
    data: { problem: { code: 'CodeNotReceived', message: expect.stringMatching(/^An SMS from 32665 of /) } },
  });
  expect(others).toEqual([]);
  expect(types(eventsOf(walk, () => walk.send('receiveCode', sms)))).toEqual([]);
});

test('partners get an event when a claim is confirmed, once, without a word about the customer', () => {
  const walk = verified(['41', '42']);
  expect(
    types(eventsOf(walk, () => walk.send('claim', { wabaId: '7', customerId: 'c', source: 's' }))),
  ).toEqual([]);
  const [claimed, ...events] = eventsOf(walk, () => walk.answer('confirmClaim', confirmed()));
  expect(claimed?.type).toBe('number.claimed');
  expect(events.map(({ type, partnerBusinessId }) => [type, partnerBusinessId])).toEqual([
    ['partner.number_claimed', '41'],
    ['partner.number_claimed', '42'],
  ]);
  expect(events[0]?.data).toEqual({
    phoneNumber: '15550783881',
    preverifiedId: walk.context.preverifiedId,
    partnerBusinessId: '41',
  });
  expect(walk.context.sharedWith).toEqual([]);
  expect(eventsOf(walk, () => walk.send('register', {}))).toEqual([]);
});

test('a partner with whom the number is just being shared gets the event of its claim, and loses it', () => {
  const walk = verified();
  walk.send('share', { partnerBusinessId: '41' });
  walk.send('claim', { wabaId: '7', source: 's' });
  const events = eventsOf(walk, () => walk.answer('confirmClaim', confirmed()));
  expect(events).toMatchObject([
    { type: 'number.claimed' },
    { type: 'partner.number_claimed', partnerBusinessId: '41' },
  ]);
  walk.answer('changeSharing', undefined);
  expect(walk.context.sharedWith).toEqual([]);
});

test('partners get an event when the number is removed', () => {
  const walk = verified(['41']);
  walk.send('remove', {});
  const events = eventsOf(walk, () => walk.answer('removeNumber', undefined));
  expect(types(events)).toEqual(['number.removed', 'partner.number_removed']);
  expect(walk.context.sharedWith).toEqual([]);
});

describe('a problem', () => {
  const failWith = (handling: 'account' | 'wait' | 'codeNotSent') => {
    const walk = verified();
    walk.time += 50 * DAY;
    walk.send('requestCode', {});
    return eventsOf(walk, () => walk.refuse('requestCode', { handling, retryAfter: MINUTE }));
  };

  test('that needs a person causes an event that says what to do', () => {
    expect(failWith('account')).toMatchObject([
      { type: 'warning.problem', data: { problem: { whatToDo: expect.any(String) } } },
    ]);
  });

  test.each(['wait', 'codeNotSent'] as const)('that passes by itself causes none (%s)', (handling) => {
    expect(failWith(handling)).toEqual([]);
  });

  test('that persists causes one event', () => {
    const walk = verified();
    const share = () => {
      walk.send('share', { partnerBusinessId: '9' });
      return eventsOf(walk, () => walk.refuse('changeSharing', {}));
    };
    expect(types(share())).toEqual(['warning.problem']);
    walk.time += MINUTE;
    expect(share()).toEqual([]);
  });

  test('of a code that did not come causes an event once the number has tried SMS and voice', () => {
    const walk = new Walk();
    walk.answer('addNumber', added());
    walk.answer('requestCode', { outcome: 'sent' });
    const first = eventsOf(walk, () => walk.wait(10 * MINUTE));
    expect(types(first)).toEqual(['warning.code_not_received']);
    walk.answer('requestCode', { outcome: 'sent' });
    const second = eventsOf(walk, () => walk.wait(10 * MINUTE));
    expect(types(second)).toEqual(['number.added', 'warning.problem']);
  });

  test('of a claim that is neither on the WABA nor in the pool causes an event once it is given up', () => {
    const walk = verified();
    walk.send('claim', { wabaId: '7', source: 's' });
    const miss = () => {
      const events = eventsOf(walk, () => walk.answer('confirmClaim', { found: false, pool: null }));
      walk.wait(DAY);
      return types(events);
    };
    const misses = Array.from({ length: 6 }, miss);
    expect(misses).toEqual([[], [], [], [], [], ['warning.problem']]);
  });
});
