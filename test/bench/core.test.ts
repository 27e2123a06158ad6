import { setTimeout } from 'node:timers/promises';
import { inFlight } from '../../bench/core/in-flight';
import { pairedRounds, ratio } from '../../bench/core/rounds';
import { quantile, spread } from '../../bench/core/statistics';
import { figure } from '../../bench/core/figures';

test('contestants take turns, each round the other way round, and the first round is not counted', async () => {
  const order: string[] = [];
  const contestant = (name: string) => ({
    name,
    async round(index: number) {
      order.push(`${name}${index}`);
      return index;
    },
  });
  const samples = await pairedRounds([contestant('a'), contestant('b')], 2);
  expect(order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
  expect(samples).toEqual(
    new Map([
      ['a', [1, 2]],
      ['b', [1, 2]],
    ]),
  );
});

test('a ratio is taken of each pair: rounds in which the machine was busy for both do not count more', () => {
  expect(ratio([10, 1, 20], [20, 2, 40])).toEqual({ median: 0.5, low: 0.5, high: 0.5 });
});

test('quantiles lie between the neighbours', () => {
  expect([0, 0.5, 0.75, 1].map((at) => quantile([4, 1, 3, 2], at))).toEqual([1, 2.5, 3.25, 4]);
  expect(spread([1, 2, 3, 4, 5])).toEqual({ median: 3, low: 2, high: 4 });
  expect(quantile([], 0.5)).toBeNaN();
});

test('no more work is under way than was said, and all of it is done', async () => {
  let now = 0;
  let most = 0;
  const done: number[] = [];
  const took = await inFlight([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++now);
    await setTimeout(5);
    now--;
    done.push(item);
  });
  expect(most).toBe(3);
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(took).toBeGreaterThan(10);
});

test('the failure of work is thrown once the rest has ended', async () => {
  const done: number[] = [];
  const working = inFlight([1, 2, 3], 2, async (item) => {
    if (item === 1) throw new Error('the first one fails');
    await setTimeout(5);
    done.push(item);
  });
  await expect(working).rejects.toThrow('the first one fails');
  expect(done).toEqual([2, 3]);
});

test('figures are written with three digits that count', () => {
  expect([1234.5, 12.345, 1.2345, 0.012345, 0, NaN].map(figure)).toEqual([
    '1235',
    '12.3',
    '1.23',
    '0.0123',
    '0',
    '–',
  ]);
});
