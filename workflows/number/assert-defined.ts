/**
 * What the chart's own states make sure of: a code round while a code is awaited, a claim while it is claimed.
 *
 * @throws TypeError where they do not: the chart is wrong
 */
export function assertDefined<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new TypeError('the chart leads where it knows too little');
  return value;
}
