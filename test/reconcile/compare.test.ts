import type { OurNumber, PoolNumber } from '../../contract/reconcile-activities';
import { compare } from '../../workflows/reconcile/compare';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const inPool = { phoneNumber: '15550783881', verified: true, expiresAt: NOW } as PoolNumber;

const ours = (change: Partial<OurNumber>): OurNumber => ({
  phoneNumber: '15550783881',
  state: 'Verified',
  expiresAt: NOW,
  problem: null,
  endedAt: null,
  unreadable: null,
  ...change,
});

test.each(['NotInPool', 'ClaimNotFound'])(
  'a number of the pool whose problem is %s reads its status',
  (problem) => {
    expect(compare(inPool, ours({ problem }), NOW)).toMatchObject({ kind: 'status', done: 'refresh' });
    const unverified = { ...inPool, verified: false };
    expect(compare(unverified, ours({ state: 'Unverified', problem }), NOW)).toMatchObject({
      done: 'refresh',
    });
    // It has left the pool for its customer, and Meta may list it for a while.
    expect(compare(inPool, ours({ state: 'Claimed', problem }), NOW)).toBeNull();
  },
);

test('any other problem, or none, is no difference', () => {
  expect(compare(inPool, ours({}), NOW)).toBeNull();
  expect(compare(inPool, ours({ problem: 'CodeNotReceived' }), NOW)).toBeNull();
});
