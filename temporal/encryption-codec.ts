import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { ENCRYPTED } from '../contract/payload-encodings';
import type { PayloadKey } from '../settings/payload-keys';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** A payload cannot be read: its key is missing or wrong, or it was altered. Names the key's ID, never the key. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

export interface EncryptionOptions {
  /** `leave`: payloads of keys that are not in the ring come back as they are, for readers who may see only a part. */
  unknownKey?: 'refuse' | 'leave';
  /** `leave`: so do those that the key of their name does not open; one of many must not hinder the others. */
  altered?: 'refuse' | 'leave';
  /** Writes in clear whatever the keys, which then only decrypt. */
  inClear?: boolean;
}

/**
 * Encrypts whole payloads with AES-256-GCM, a fresh IV for each: the first key of the ring encrypts, all decrypt. Data is
 * IV (12 bytes), ciphertext, tag (16 bytes); the key's ID stands in the metadata and is authenticated with the rest.
 * Without keys payloads stay in clear; a payload in clear is always read as it is.
 */
export class EncryptionCodec implements PayloadCodec {
  readonly #ring: ReadonlyMap<string, PayloadKey>;
  readonly #encryptsWith: PayloadKey | undefined;

  constructor(
    readonly keys: readonly PayloadKey[],
    readonly options: EncryptionOptions = {},
  ) {
    this.#ring = new Map(keys.map((key) => [key.id, key]));
    this.#encryptsWith = options.inClear ? undefined : keys[0];
  }

  // Async as the interface asks: a fault becomes a rejection.
  // eslint-disable-next-line @typescript-eslint/require-await
  async encode(payloads: Payload[]): Promise<Payload[]> {
    const key = this.#encryptsWith;
    return key === undefined ? payloads : payloads.map((payload) => encrypt(key, payload));
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => this.#decrypt(payload));
  }

  #decrypt(payload: Payload): Payload {
    const id = encryptedWith(payload);
    if (id === null) return payload;
    const key = this.#ring.get(id);
    if (key !== undefined) {
      try {
        return decrypt(key, payload);
      } catch (error) {
        if (this.options.altered === 'leave') return payload;
        throw error;
      }
    }
    if (this.options.unknownKey === 'leave') return payload;
    throw new DecryptionError(
      `A payload was encrypted with the key ${quoted(id)}, which is not among PAYLOAD_KEYS: add it there, after the first`,
    );
  }
}

/** The ID of the key that a payload is encrypted with; `null` for a payload in clear. */
export function encryptedWith({ metadata }: Payload): string | null {
  return textOf(metadata?.['encoding']) === ENCRYPTED ? textOf(metadata?.['encryption-key-id']) : null;
}

function encrypt({ id, key }: PayloadKey, payload: Payload): Payload {
  const iv = randomBytes(ivBytes);
  const sealing = createCipheriv(cipher, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(id));
  const plain = temporal.api.common.v1.Payload.encode(payload).finish();
  return {
    metadata: { encoding: Buffer.from(ENCRYPTED), 'encryption-key-id': Buffer.from(id) },
    data: Buffer.concat([iv, sealing.update(plain), sealing.final(), sealing.getAuthTag()]),
  };
}

function decrypt({ id, key }: PayloadKey, { data }: Payload): Payload {
  try {
    const sealed = Buffer.from(data ?? []);
    const opening = createDecipheriv(cipher, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(id))
      .setAuthTag(sealed.subarray(-tagBytes));
    const plain = Buffer.concat([opening.update(sealed.subarray(ivBytes, -tagBytes)), opening.final()]);
    return temporal.api.common.v1.Payload.decode(plain);
  } catch {
    throw new DecryptionError(
      `A payload encrypted with the key ${quoted(id)} cannot be read: it was altered, or PAYLOAD_KEYS holds another key of that name`,
    );
  }
}

const textOf = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('utf8');

/** IDs come from the history, which anyone with a Temporal client can write. */
const quoted = (id: string) => JSON.stringify(id.slice(0, 64));
