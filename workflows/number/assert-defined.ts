/**
 * For what the chart's own states guarantee: a code round while a code is awaited, a claim while the number is claimed.
 *
 * @throws TypeError where they do not: the chart is wrong
 */
export function assertDefined<T>(value: T | null | undefined): T {
  if (value === null || value === undefined)
    throw new TypeError('the chart reached a state without what that state needs');
  return value;
}
