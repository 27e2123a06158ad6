import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import * as v from 'valibot';

/** An Ed25519 key for the checkpoints of records. */
export interface SigningKey {
  /** Written beside every signature. */
  id: string;
  /** `null` where the entry is a public key: for those who check, and may not sign. */
  privateKey: KeyObject | null;
  publicKey: KeyObject;
}

const anEntry = 'an id, a colon and the key in base64 (make one with: preverified records key)';

/**
 * `id:base64`, comma-separated: a private key as PKCS #8, a public one as SPKI, both in DER. The first private key signs,
 * all check. Faults name entries by their place, since even what stands where the id should be may be a key.
 */
export const SigningKeys = v.pipe(
  v.optional(v.string(), ''),
  v.rawTransform(({ dataset: { value }, addIssue }): SigningKey[] => {
    const keys: SigningKey[] = [];
    const entries = value === '' ? [] : value.split(',').map((entry) => entry.trim());
    for (const [index, entry] of entries.entries()) {
      const key = readSigningKey(entry);
      if (key && !keys.some(({ id }) => id === key.id)) keys.push(key);
      else {
        const place = `entry ${String(index + 1)} of ${String(entries.length)}`;
        addIssue({
          message: `is not a list of Ed25519 keys: ${place} must be ${anEntry}, each with an id of its own`,
        });
      }
    }
    return keys;
  }),
);

/** `null` for what is no Ed25519 key with an ID. */
export function readSigningKey(entry: string): SigningKey | null {
  const [, id, base64 = ''] = /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/]+=*)$/.exec(entry) ?? [];
  if (id === undefined) return null;
  const key = Buffer.from(base64, 'base64');
  try {
    const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
    return publicKey.asymmetricKeyType === 'ed25519' ? { id, privateKey: null, publicKey } : null;
  } catch {
    // A private key, then.
  }
  try {
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    if (privateKey.asymmetricKeyType !== 'ed25519') return null;
    return { id, privateKey, publicKey: createPublicKey(privateKey) };
  } catch {
    return null;
  }
}
