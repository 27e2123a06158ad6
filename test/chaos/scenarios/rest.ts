import { setTimeout as pause } from 'node:timers/promises';

/** Waits so many milliseconds. @returns `false` where it was over before */
export async function rest(span: number, over: AbortSignal): Promise<boolean> {
  try {
    await pause(span, undefined, { signal: over });
    return true;
  } catch {
    return false;
  }
}
