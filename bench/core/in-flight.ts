import pLimit from 'p-limit';

/**
 * Does work for every item with so many under way at a time, never more: the next one begins when one has ended.
 *
 * @returns milliseconds from the first beginning to the last end
 * @throws the first failure, once nothing is under way any more
 */
export async function inFlight<Item>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item) => Promise<unknown>,
): Promise<number> {
  const limit = pLimit(most);
  const begun = performance.now();
  const ends = await Promise.allSettled(Array.from(items, (item) => limit(() => work(item))));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return performance.now() - begun;
}
