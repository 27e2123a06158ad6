import { generateKeyPairSync } from 'node:crypto';

/** A new key, as `RECORDS_SIGNING_KEY` has it. */
export function signingKey(id: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return `${id}:${privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`;
}
