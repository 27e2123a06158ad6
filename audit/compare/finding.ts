import { isDeepStrictEqual } from 'node:util';

/** A disagreement between the history and what the chart makes of it. */
export interface Finding {
  eventId: number;
  what: string;
}

export type Find = (eventId: number, what: string) => void;

/** As JSON has it: what is undefined is not there. */
export const same = (one: unknown, other: unknown) =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one ?? null)), JSON.parse(JSON.stringify(other ?? null)));

export const text = (value: unknown) => (value === undefined ? 'not there' : JSON.stringify(value));
