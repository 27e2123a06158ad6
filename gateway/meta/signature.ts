import { createHmac } from 'node:crypto';
import { sameSecret } from '../../temporal/same-secret';

/** Whether `X-Hub-Signature-256` is Meta's of these very bytes (rule §5). */
export function isMetas(signature: string, raw: Buffer, appSecret: string): boolean {
  const expected = createHmac('sha256', appSecret).update(raw).digest('hex');
  return sameSecret(signature, `sha256=${expected}`);
}
