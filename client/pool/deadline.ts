import * as v from 'valibot';
import { describeIssue } from '../../contract/messages';
import { RefusedError } from './refused-error';

const fault = 'timeout must be milliseconds, 0 or more';
const Timeout = v.optional(v.pipe(v.number(fault), v.minValue(0, fault)), Infinity);

/** Node takes a longer timer for one of a millisecond. */
const longestTimer = 2 ** 31 - 1;

/**
 * A signal that is aborted once so many milliseconds are over, be they fractions or more than a timer can be set for.
 * `clear` it where what was waited for has come.
 *
 * @param timeout never, where it is left out
 * @param id what an error says it by
 * @throws {RefusedError} `InvalidMessage`
 */
export function deadline(
  timeout: number | undefined,
  id: string,
): { signal: AbortSignal; clear: () => void } {
  const read = v.safeParse(Timeout, timeout);
  if (!read.success) throw new RefusedError('InvalidMessage', `${describeIssue(read.issues[0])}.`, id);
  const end = performance.now() + read.output;
  const late = new AbortController();
  let timer: NodeJS.Timeout;
  const arm = () => {
    const left = end - performance.now();
    if (left > 0) timer = setTimeout(arm, Math.min(left, longestTimer)).unref();
    else late.abort();
  };
  arm();
  return {
    signal: late.signal,
    clear: () => {
      clearTimeout(timer);
    },
  };
}
