import ms, { type StringValue } from 'ms';
import type { Instant } from './number-record';

/** Epoch milliseconds as records state times; `null` stays `null`. */
export function instant<T extends number | null>(at: T): T extends null ? null : Instant;
export function instant(at: number | null): Instant | null {
  return at === null ? null : new Date(at).toISOString();
}

/** `2027-02-21 07:26 UTC`, for people. */
export const utcMinute = (at: number | Instant) =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Milliseconds of a length of time such as `90 days`; `undefined` where it is none. `ms` itself throws at an empty text. */
export const readSpan = (text: string): number | undefined =>
  text === '' ? undefined : ms(text as StringValue);

/** A length of time in milliseconds as people say it: `3 days`, `20 minutes`. */
export function describeSpan(span: number): string {
  const units: [number, string][] = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1_000, 'second'],
  ];
  const [size, unit] = units.find(([length]) => span >= length) ?? [1, 'millisecond'];
  const count = Math.round(span / size);
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}
