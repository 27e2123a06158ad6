import { setTimeout } from 'node:timers/promises';
import pLimit from 'p-limit';

/**
 * Begins work so many times a second, for a load that does not depend on how fast it is done; with so many under way at
 * a time, never more. Work learns when it was due: time that it had to wait counts.
 *
 * @throws the first failure, once nothing is under way any more
 */
export async function paced<Item>(
  items: readonly Item[],
  perSecond: number,
  most: number,
  work: (item: Item, due: number) => Promise<unknown>,
): Promise<void> {
  const limit = pLimit(most);
  const begun = Date.now();
  const ends = await Promise.allSettled(
    items.map(async (item, index) => {
      const due = begun + (index * 1000) / perSecond;
      await setTimeout(due - Date.now());
      await limit(() => work(item, due));
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
