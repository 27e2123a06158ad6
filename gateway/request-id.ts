import { createHmac } from 'node:crypto';

/**
 * The ID under which Temporal takes a message in once, the same for every repeat of it. Keyed, so that it tells nobody
 * what it was made of: a code has only a million values.
 */
export function requestId(secret: string, ...parts: readonly unknown[]): string {
  return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('hex');
}
