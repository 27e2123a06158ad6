import { createHash } from 'node:crypto';
import { createMachine } from 'xstate';
import { Interpreter } from '../../workflows/interpreter/interpretation';
import { moveOver } from '../../workflows/interpreter/move-over';
import { numberChart } from '../../workflows/lifecycle/chart';
import { chartOf, latestChartVersion, takenOver } from '../../workflows/lifecycle/charts';
import { possibleMessages } from '../../workflows/lifecycle/words';
import { phases } from './phases';
import { verifiedAt } from './walk';

test('version 1 is what was released: a change of it is a version of its own (docs/changing-the-chart.md)', () => {
  const released = createHash('sha256').update(JSON.stringify(numberChart.config)).digest('hex');
  expect(released.slice(0, 16)).toBe('16ec276a87583606');
});

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
