import { createSecretKey, type KeyObject } from 'node:crypto';
import * as v from 'valibot';

export interface PayloadKey {
  /** Written beside every payload that the key encrypts, so that it is found again after a rotation. */
  id: string;
  /** 256 bits; a `KeyObject` does not show its bytes when it is printed. */
  key: KeyObject;
}

const anEntry = 'an id, a colon and 32 bytes in base64 (make one with: echo "k1:$(openssl rand -base64 32)")';

/**
 * `id:base64 of 32 bytes`, comma-separated: the first key encrypts, all decrypt. Unset: no keys, payloads in clear.
 * Faults name entries by their place, since even what stands where the id should be may be a key.
 */
export const PayloadKeys = v.pipe(
  v.optional(v.string(), ''),
  v.rawTransform(({ dataset: { value }, addIssue }): PayloadKey[] => {
    const keys: PayloadKey[] = [];
    const entries = value === '' ? [] : value.split(',').map((entry) => entry.trim());
    for (const [index, entry] of entries.entries()) {
      const place = `entry ${String(index + 1)} of ${String(entries.length)}`;
      const [, id, base64] = /^([A-Za-z0-9._-]{1,64}):(.+)$/.exec(entry) ?? [];
      if (id === undefined || base64 === undefined) {
        addIssue({ message: `is not a key ring: ${place} must be ${anEntry}` });
      } else if (!/^[A-Za-z0-9+/]{43}=?$/.test(base64)) {
        addIssue({
          message: `holds a wrong key: ${place} must be ${anEntry}, and its key is not 32 bytes in base64`,
        });
      } else if (keys.some((key) => key.id === id)) {
        addIssue({ message: `names two keys alike: ${place} must have an id of its own` });
      } else {
        keys.push({ id, key: createSecretKey(base64, 'base64') });
      }
    }
    return keys;
  }),
);
