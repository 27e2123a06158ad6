import { createHash } from 'node:crypto';
import { createMachine } from 'xstate';
import { Interpreter } from '../../workflows/interpreter/interpretation';
import { moveOver } from '../../workflows/interpreter/move-over';
import { chartOf, takenOver } from '../../workflows/number/charts';
import { latestChartVersion } from '../../contract/chart-version';
import { possibleMessages } from '../../workflows/number/ui-text';
import { phases } from './phases';
import { confirmed, DAY, MINUTE, verifiedAt } from './walk';

test.each([
  [1, '16ec276a87583606'],
  [2, 'e232221a21654c07'],
])(
  'version %i is what was released: a change of it is a version of its own (docs/changing-the-chart.md)',
  (version, released) => {
    const config = JSON.stringify(chartOf(version).config);
    expect(createHash('sha256').update(config).digest('hex').slice(0, 16)).toBe(released);
  },
);

describe('a number that is in Meta’s pool no more', () => {
  const gone = (version: number) => {
    const walk = phases['Verified.fresh']!(version);
    walk.send('refresh', {});
    return walk.answer('readNumber', null);
  };

  test('is reserved for nobody by version 2, as it was by version 1', () => {
    expect(gone(1).send('reserve', { customerId: 'alice' })).toBeNull();
    expect(gone(2).send('reserve', { customerId: 'alice' })).toBe('NotInPool');
  });

  test('is reserved for nobody whatever other problem it has since', () => {
    const walk = gone(2);
    walk.send('remove', {});
    walk.refuse('removeNumber', { handling: 'account' });
    expect(walk.context.problem?.code).not.toBe('NotInPool');
    expect(walk.send('reserve', { customerId: 'alice' })).toBe('NotInPool');
  });

  test('can be reserved again once it is found', () => {
    const walk = gone(2);
    walk.send('refresh', {});
    walk.answer('readNumber', verifiedAt(walk.time).verification);
    expect(walk.send('reserve', { customerId: 'alice' })).toBeNull();
  });
});

describe('the deadline of a registration', () => {
  test('stands from the claim on by version 3, from its confirmation on by version 2', () => {
    const claimed = phases['Claimed.confirming']!(3);
    const due = { at: claimed.time + 90 * DAY, what: 'must be registered' };
    expect(claimed.context.deadline).toEqual(due);
    claimed.wait(MINUTE).answer('confirmClaim', confirmed());
    expect(claimed.context.deadline).toEqual(due);

    const before = phases['Claimed.confirming']!(2);
    expect(before.context.deadline).toBeNull();
    expect(before.wait(MINUTE).answer('confirmClaim', confirmed()).context.deadline).toEqual(due);
  });

  test('interrupts nothing while the claim is looked for', () => {
    const walk = phases['Claimed.confirming']!(3).wait(91 * DAY);
    expect(walk.state).toBe('Claimed.confirming');
    walk.refuse('confirmClaim', { handling: 'account', retryAfter: MINUTE }).wait(MINUTE - 1);
    expect(walk.state).toBe('Claimed.unconfirmed');
    walk.wait(1).answer('confirmClaim', confirmed());
    expect(walk.state).toBe('Claimed.lapsed');
    expect(walk.context.deadline).toBeNull();
  });

  test('ends where the claim turns out to have handed over an unverified number', () => {
    const walk = phases['Unverified.waiting']!(3);
    walk.send('claim', { wabaId: '77', source: 'test' });
    expect(walk.context.deadline?.at).toBe(walk.time + 90 * DAY);
    walk.answer('confirmClaim', confirmed({ verified: false }));
    expect(walk.state).toBe('Claimed.lapsed');
    expect(walk.context.deadline).toBeNull();
  });

  test('gives way to that of the verification where nobody made the claim', () => {
    const walk = phases['Claimed.confirming']!(3);
    const pool = verifiedAt(walk.time).verification;
    while (walk.state.startsWith('Claimed')) walk.answer('confirmClaim', { found: false, pool }).wait(DAY);
    expect(walk.state).toBe('Verified.fresh');
    expect(walk.context.deadline).toEqual({ at: pool.expiresAt, what: 'verification expires' });
  });
});

describe('a life that moves over', () => {
  test('keeps its timers at their times, loses those that are gone, and begins those that are new', () => {
    const chart = (after: object) =>
      createMachine({ id: 'm', initial: 'a', states: { a: { after }, b: {} } });
    const before = chart({ 1000: 'b', 5000: 'b' });
    const after = chart({ 1000: 'b', 3000: 'b' });
    const old = new Interpreter(before).begin({ at: 0 });
    const moved = moveOver(after, old, 500);
    expect(Object.values(moved.timers).map(({ dueAt }) => dueAt)).toEqual([1000, 3500]);
    expect(new Interpreter(after).settle(moved, 1000).value).toBe('b');
  });

  test.each(Object.keys(phases))('from version 1 in %s is as if it had always been here', (phase) => {
    const walk = phases[phase]!(1);
    expect(walk.state).toBe(phase);
    const moved = takenOver(walk.now, { from: 1, to: latestChartVersion, at: walk.time });
    const native = phases[phase]!(latestChartVersion).now;
    expect(JSON.parse(JSON.stringify(moved))).toEqual(JSON.parse(JSON.stringify(native)));
    const chart = chartOf(latestChartVersion);
    expect(possibleMessages(chart, moved, walk.time)).toEqual(possibleMessages(chart, native, walk.time));
  });

  test('to a version that this worker does not know is not possible', () => {
    const { now, time } = phases['Verified.fresh']!(1);
    expect(() => takenOver(now, { from: 1, to: 99, at: time })).toThrow('deploy a newer one');
  });
});
