import type { NumberState } from '../../contract/number-record';
import { DAY, type NumberPlan } from './plan';

/**
 * The rules of a number's life once more, in plain words and without a chart: what must be true of a number after all
 * that happened to it at Meta. Rules are those of docs/rules.md; times in epoch milliseconds.
 */
export interface Deed {
  at: number;
  what: 'added' | 'verified' | 'claimed' | 'registered' | 'deleted';
  wabaId?: string;
}

export interface Expected {
  /** More than one where it depends on what is under way. */
  states: NumberState[];
  /** Of a number that is verified, unclaimed and in the pool. */
  expiresAt: number | null;
  wabaId: string | null;
}

/** Where a number stands at a moment, by what was done at Meta until then. */
export function expectedAt(deeds: readonly Deed[], now: number): Expected {
  const last = (what: Deed['what']) => deeds.findLast((deed) => deed.what === what);
  const added = last('added');
  const claimed = last('claimed');
  const wabaId = claimed?.wabaId ?? null;
  const at = (...states: NumberState[]): Expected => ({ states, expiresAt: null, wabaId });
  if (!added) return at();
  if (last('registered')) return at('Registered');
  if (claimed) return at('Claimed');
  if (last('deleted')) return at('Removed');
  const verified = last('verified');
  // Rule 1.
  if (!verified) return now < added.at + 90 * DAY ? at('Added', 'CodeRequested') : at('Removed');
  // Rule 2; Meta counts whole seconds.
  const expiresAt = Math.floor(verified.at / 1000) * 1000 + 90 * DAY;
  return now < expiresAt ? { states: ['Verified'], expiresAt, wabaId } : at('Unverified', 'CodeRequested');
}

/** How the life of a number that can be telephoned must have ended, or gone on, when all is calm again. */
export function expectedEnd({ ending }: NumberPlan, taken: boolean): NumberState {
  if (taken || (ending.kind === 'claimed' && ending.reportedBy === 'API')) return 'Registered';
  return ending.kind === 'removed' ? 'Removed' : 'Verified';
}

/**
 * Whether a number may lapse (rule 2 and 3): only if nothing could reach it when it was to renew, which is in the first
 * half of the 45 days before its expiry.
 */
export const mayLapse = (deadFrom: number | null, expiresAt: number) =>
  deadFrom !== null && deadFrom <= expiresAt - 22.5 * DAY;

/** The most that happened in any span of this length, both ends counted in. */
export function busiest(moments: readonly number[], span: number): number {
  const sorted = moments.toSorted((one, other) => one - other);
  return Math.max(
    0,
    ...sorted.map((end, index) => sorted.slice(0, index + 1).filter((at) => at > end - span).length),
  );
}
