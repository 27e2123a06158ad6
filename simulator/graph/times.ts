import type { Assumptions } from '../assumptions';

/** @param at epoch milliseconds on a whole second, `null` for never */
export function writeTime(
  at: number | null,
  { times, neverVerifiedTimes }: Assumptions,
): string | number | undefined {
  if (at === null && neverVerifiedTimes === 'omitted') return undefined;
  const seconds = Math.floor((at ?? 0) / 1000);
  if (times === 'unix') return seconds;
  return new Date(seconds * 1000).toISOString().replace('.000Z', '+0000');
}
