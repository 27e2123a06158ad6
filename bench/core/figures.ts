import type { Spread } from './statistics';

/** Three digits that count: `1234`, `12.3`, `0.123`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0 || Math.abs(value) >= 100) return String(Math.round(value));
  return value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}

/** `1.21 (1.18–1.25)`: the median, and the quarters around it. */
export const withSpread = ({ median, low, high }: Spread) =>
  `${figure(median)} (${figure(low)}–${figure(high)})`;
