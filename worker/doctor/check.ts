import { StartError } from '../../settings/start-error';

export interface Check {
  /** What was looked at, in a word or two. */
  name: string;
  /** `skipped`: what it builds on has failed. */
  outcome: 'ok' | 'failed' | 'skipped';
  /** What was found. */
  detail: string;
  /** What to do about it; beside `ok` it is advice. */
  remedy: string | null;
}

export type Finding = string | { detail: string; remedy: string };
export type Look = () => Finding | Promise<Finding>;

/** Looks, and turns what is found or thrown into a check; `null` where there is no point in looking. */
export async function check(name: string, look: Look | null): Promise<Check> {
  if (look === null) {
    return { name, outcome: 'skipped', detail: 'not looked at', remedy: 'mend what failed before it first' };
  }
  try {
    const found = await look();
    return { name, outcome: 'ok', ...(typeof found === 'string' ? { detail: found, remedy: null } : found) };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { name, outcome: 'failed', detail: error.fault, remedy: error.remedy.trim() };
  }
}
