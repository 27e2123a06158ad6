import { instant } from '../../contract/times';
import { contextOf, numberRecord, transitionOf } from '../../workflows/number/number-record';
import { numberWebhookEvents } from '../../workflows/webhooks/number-events';
import type { BusinessId } from '../../contract/ids';
import type { WebhookEvent } from '../../contract/webhook-events';
import { added, confirmed, DAY, MINUTE, verifiedAt, Walk } from '../chart/walk';

/** What the steps of a walk tell; the interpretation's own observer is not to be had from outside, so ends are compared. */
function told(walk: Walk, event: string, step: () => unknown): WebhookEvent[] {
  const before = walk.now;
  step();
  const at = { type: event, at: walk.time };
  return numberWebhookEvents({
    before: contextOf(before),
    after: contextOf(walk.now),
    record: numberRecord(walk.now, { transitions: [], lastRefusal: null }),
    at: instant(walk.time),
    change: transitionOf(before, walk.now, at),
  });
}

const byHand = { automation: { requestCode: false, reverify: false, register: false } };
const types = (news: WebhookEvent[]) => news.map(({ type }) => type);

function verified(partners: string[] = []): Walk {
  const walk = new Walk(byHand);
  walk.answer('addNumber', { ...added(), sharedWith: partners as BusinessId[] });
  walk.send('requestCode', {});
  walk.answer('requestCode', { outcome: 'sent' });
  walk.send('submitCode', { code: '123456' });
  walk.answer('verifyCode', verifiedAt(walk.time));
  return walk;
}

test("a number tells when it is in Meta's pool, and each change of state from then on", () => {
  const walk = new Walk();
  const news = told(walk, 'xstate.done.actor.addNumber', () => walk.answer('addNumber', added()));
  expect(news).toMatchObject([
    { type: 'number.added', data: { state: 'Added', from: null } },
    { type: 'number.code_requested', data: { state: 'CodeRequested', from: 'Added', event: 'addNumber' } },
  ]);
  expect(new Set(news.map(({ id }) => id)).size).toBe(2);
  for (const { id } of news) expect(id).toMatch(/^15550783881:[\w-]+:\d+$/);
  expect(told(walk, 'submitCode', () => walk.answer('requestCode', { outcome: 'sent' }))).toEqual([]);
});

test('partners are told when a claim is confirmed, once, and nothing of the customer', () => {
  const walk = verified(['41', '42']);
  expect(
    types(told(walk, 'claim', () => walk.send('claim', { wabaId: '7', customerId: 'c', source: 's' }))),
  ).toEqual(['number.claimed']);
  const news = told(walk, 'xstate.done.actor.confirmClaim', () => walk.answer('confirmClaim', confirmed()));
  expect(news.map(({ type, partnerBusinessId }) => [type, partnerBusinessId])).toEqual([
    ['partner.number_claimed', '41'],
    ['partner.number_claimed', '42'],
  ]);
  expect(news[0]?.data).toEqual({
    phoneNumber: '15550783881',
    preverifiedId: walk.context.preverifiedId,
    partnerBusinessId: '41',
  });
  expect(walk.context.sharedWith).toEqual([]);
  expect(told(walk, 'register', () => walk.send('register', {}))).toEqual([]);
});

test('a partner whose share is under way when a customer takes the number is told, and has it no more', () => {
  const walk = verified();
  walk.send('share', { partnerBusinessId: '41' });
  walk.send('claim', { wabaId: '7', source: 's' });
  const news = told(walk, 'xstate.done.actor.confirmClaim', () => walk.answer('confirmClaim', confirmed()));
  expect(news).toMatchObject([{ type: 'partner.number_claimed', partnerBusinessId: '41' }]);
  walk.answer('changeSharing', undefined);
  expect(walk.context.sharedWith).toEqual([]);
});

test('partners are told of a removal', () => {
  const walk = verified(['41']);
  walk.send('remove', {});
  const news = told(walk, 'xstate.done.actor.removeNumber', () => walk.answer('removeNumber', undefined));
  expect(types(news)).toEqual(['number.removed', 'partner.number_removed']);
  expect(walk.context.sharedWith).toEqual([]);
});

describe('a problem', () => {
  const refusedWith = (handling: 'account' | 'wait' | 'codeNotSent') => {
    const walk = verified();
    walk.time += 50 * DAY;
    walk.send('requestCode', {});
    return told(walk, 'xstate.error.actor.requestCode', () =>
      walk.refuse('requestCode', { handling, retryAfter: MINUTE }),
    );
  };

  test('that only a person can mend is told, with what to do', () => {
    expect(refusedWith('account')).toMatchObject([
      { type: 'warning.problem', data: { problem: { whatToDo: expect.any(String) } } },
    ]);
  });

  test.each(['wait', 'codeNotSent'] as const)('that passes by itself is not (%s)', (handling) => {
    expect(refusedWith(handling)).toEqual([]);
  });

  test('that stands is told once', () => {
    const walk = verified();
    const share = () => {
      walk.send('share', { partnerBusinessId: '9' });
      return told(walk, 'xstate.error.actor.changeSharing', () => walk.refuse('changeSharing', {}));
    };
    expect(types(share())).toEqual(['warning.problem']);
    walk.time += MINUTE;
    expect(share()).toEqual([]);
  });

  test('of a code that did not come is told once the number has tried both ways', () => {
    const walk = new Walk();
    walk.answer('addNumber', added());
    walk.answer('requestCode', { outcome: 'sent' });
    const first = told(walk, 'xstate.after.codeStaleOrDeadline', () => walk.wait(10 * MINUTE));
    expect(first).toEqual([]);
    walk.answer('requestCode', { outcome: 'sent' });
    const second = told(walk, 'xstate.after.codeStaleOrDeadline', () => walk.wait(10 * MINUTE));
    expect(types(second)).toEqual(['number.added', 'warning.problem']);
  });

  test('of a claim that is not on the WABA is told when the claim must have settled', () => {
    const walk = verified();
    walk.send('claim', { wabaId: '7', source: 's' });
    const miss = () => {
      const news = told(walk, 'xstate.done.actor.confirmClaim', () =>
        walk.answer('confirmClaim', { found: false, pool: null }),
      );
      walk.wait(DAY);
      return types(news);
    };
    expect([miss(), miss(), miss(), miss()]).toEqual([[], [], ['warning.problem'], []]);
  });
});
