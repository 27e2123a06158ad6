import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import * as v from 'valibot';

/** A customer's way through signup: the number that is reserved for them, and until when. */
const Session = v.strictObject({
  phoneNumber: v.string(),
  customerId: v.string(),
  /** What was asked for, `null` for any. */
  country: v.nullable(v.string()),
  version: v.picklist(['document', 'v2', 'v4']),
  /** Epoch milliseconds. */
  expiresAt: v.number(),
});
export type Session = v.InferOutput<typeof Session>;

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Tokens that stand for a session: encrypted and authenticated, so that they can neither be guessed nor read, and need
 * no store. The first secret seals, all open, so that secrets can be rotated as `PAYLOAD_KEYS` are.
 */
export class SessionTokens {
  readonly #keys: readonly [Buffer, ...Buffer[]];

  constructor([first, ...others]: readonly [KeyObject, ...KeyObject[]]) {
    this.#keys = [keyFrom(first), ...others.map(keyFrom)];
  }

  seal(session: Session): string {
    const iv = randomBytes(ivBytes);
    const sealing = createCipheriv(cipher, this.#keys[0], iv, { authTagLength: tagBytes });
    const sealed = [sealing.update(JSON.stringify(session)), sealing.final()];
    return Buffer.concat([iv, ...sealed, sealing.getAuthTag()]).toString('base64url');
  }

  /** @returns `null` for what was not sealed here, or has expired */
  open(token: string, now = Date.now()): Session | null {
    const sealed = Buffer.from(token, 'base64url');
    // One token has one way to be written.
    if (sealed.length <= ivBytes + tagBytes || sealed.toString('base64url') !== token) return null;
    for (const key of this.#keys) {
      const session = unseal(key, sealed);
      if (session) return now < session.expiresAt ? session : null;
    }
    return null;
  }
}

/** A key for this and nothing else: what leaks of it tells nothing of the secret. */
const keyFrom = (secret: KeyObject) =>
  Buffer.from(hkdfSync('sha256', secret, '', 'preverified signup session', 32));

function unseal(key: Buffer, sealed: Buffer): Session | null {
  try {
    const opening = createDecipheriv(cipher, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes });
    opening.setAuthTag(sealed.subarray(-tagBytes));
    const plain = Buffer.concat([opening.update(sealed.subarray(ivBytes, -tagBytes)), opening.final()]);
    return v.parse(Session, JSON.parse(plain.toString()));
  } catch {
    return null;
  }
}
