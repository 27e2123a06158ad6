import { Batches } from '../../records/batches';

test('what comes at once is written together, and a fault of one is not that of the others', async () => {
  const written: number[][] = [];
  const batches = new Batches<number>((items) => {
    if (items.includes(3)) return Promise.reject(new Error('3 cannot be written'));
    written.push([...items]);
    return Promise.resolve();
  }, 4);
  const results = await Promise.allSettled([1, 2, 3, 4, 5, 6].map((item) => batches.add(item)));
  expect(results.map(({ status }) => status)).toEqual(
    [1, 2, 3, 4, 5, 6].map((item) => (item === 3 ? 'rejected' : 'fulfilled')),
  );
  expect(written).toEqual([[1], [2], [4], [5, 6]]);
  await batches.add(7);
  expect(written.at(-1)).toEqual([7]);
});
