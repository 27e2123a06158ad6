import type { MessageName } from '../../contract/messages';
import { finalStates, type NumberState } from '../../contract/number-record';
import { possibleMessages } from '../../workflows/number/ui-text';
import { phases } from './phases';
import type { Walk } from './walk';

/** What an operator can send to get a number out of where it stands; the others change nothing of its life. */
const waysOut: readonly MessageName[] = [
  'requestCode',
  'submitCode',
  'register',
  'claim',
  'claimFor',
  'remove',
];

const exits = (walk: Walk): string[] => [
  ...Object.keys(walk.now.timers),
  ...Object.keys(walk.now.children),
  ...possibleMessages(walk.life.chart, walk.now, walk.time).filter((name) => waysOut.includes(name)),
];

test.each(Object.entries(phases))('%s is left by a timer, a call or a message of an operator', (_, at) => {
  const walk = at();
  if (finalStates.includes(walk.state as NumberState)) return;
  expect(exits(walk)).not.toEqual([]);
});

test.each(Object.entries(phases))('a call of %s that Meta refuses for good leaves a way out', (_, at) => {
  // For a code that nobody lists, for a missing object, and for the number itself.
  for (const handling of ['account', 'pin', 'number', 'verifyFirst'] as const) {
    for (const call of at().underWay) {
      const walk = at().refuse(call, { handling, retryAfter: null });
      if (!finalStates.includes(walk.state as NumberState))
        expect([handling, exits(walk)]).not.toEqual([handling, []]);
    }
  }
});

test('a report of a claim ends, however Meta answers', () => {
  const refusals = ['account', 'pin', 'number', 'wait'] as const;
  for (const handling of refusals) {
    const walk = phases['Verified.fresh']!();
    walk.send('claim', { wabaId: '77', source: 'test' });
    for (let looks = 0; walk.context.reportedClaims.length > 0; looks++) {
      expect(looks).toBeLessThan(6);
      walk.refuse('confirmClaim', { handling, retryAfter: 60_000 }).wait(20 * 60_000);
    }
    expect(walk.state).toBe('Verified.fresh');
  }
});

test('of many reported claims a few are looked for at a time, and one that was not shown makes room', () => {
  const walk = phases['Verified.fresh']!();
  const claim = (wabaId: string) => walk.send('claim', { wabaId, source: 'a flood' });
  for (let waba = 1; waba <= 10; waba++) expect(claim(String(waba))).toBeNull();
  expect(claim('11')).toBe('BudgetSpent');
  expect(claim('1')).toBeNull();
  walk.answer('confirmClaim', { found: false, pool: null });
  expect(walk.context.reportedClaims).toHaveLength(10);
  expect(claim('12')).toBeNull();
  expect(walk.context.reportedClaims.map(({ wabaId }) => wabaId)).not.toContain('1');
  expect(walk.context.reportedClaims).toHaveLength(10);
});

test('changes of sharing wait for their turn, a few at a time', () => {
  const walk = phases['Verified.fresh']!();
  for (let partner = 1; partner <= 20; partner++)
    expect(walk.send('share', { partnerBusinessId: String(partner) })).toBeNull();
  expect(walk.send('share', { partnerBusinessId: '21' })).toBe('BudgetSpent');
});
