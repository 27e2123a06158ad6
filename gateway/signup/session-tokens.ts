import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { signupVersions } from '../../client/signup/signup-config';

/** One customer's signup: the number that is reserved for them, and until when. */
const Session = v.strictObject({
  /** Of the token that an API key has begun with, and of all that were got with it. */
  id: v.string(),
  phoneNumber: v.string(),
  customerId: v.string(),
  /** The token acts for this reservation, and for no later one. */
  reservationId: v.string(),
  /** What was asked for, `null` for any. */
  country: v.nullable(v.string()),
  version: v.picklist(signupVersions),
  /** Whether the popup of v4 is to show the number; it is unless this is `false`. */
  preVerifiedPhone: v.optional(v.boolean()),
  /** Epoch milliseconds. */
  expiresAt: v.number(),
});
export type Session = v.InferOutput<typeof Session>;

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * A token holds its session, encrypted and authenticated: it cannot be guessed or read, and the gateway stores nothing.
 * The first key seals and all open, so that keys rotate as `PAYLOAD_KEYS` do.
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
    // Accepts one spelling of a token: base64url decoders ignore stray characters and bits.
    if (sealed.length <= ivBytes + tagBytes || sealed.toString('base64url') !== token) return null;
    for (const key of this.#keys) {
      const session = unseal(key, sealed);
      if (session) return now < session.expiresAt ? session : null;
    }
    return null;
  }
}

/** Derived for this purpose alone: whoever learns it learns nothing of the secret. */
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
