import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { PayloadKey } from '../settings/payload-keys';
import { RecordsError, SealedTokenError } from './records-error';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** A secret as it stands in the database. */
export interface SealedText {
  keyId: string;
  /** IV (12 bytes), ciphertext, tag (16 bytes). */
  sealed: Uint8Array;
}

/** Where secrets were sealed with a key that is not the first of PAYLOAD_KEYS, and what became of them. */
export interface Resealed<Named> {
  resealed: number;
  /** Those that could not be read: each with the reason. */
  unreadable: (Named & { reason: string })[];
}

/** Seals each of these anew. What cannot be read is named and stays as it is, and stops no other. */
export async function resealEach<Row, Named>(
  rows: readonly Row[],
  resealOne: (row: Row) => Promise<boolean>,
  named: (row: Row) => Named,
): Promise<Resealed<Named>> {
  const done: Resealed<Named> = { resealed: 0, unreadable: [] };
  for (const row of rows) {
    try {
      if (await resealOne(row)) done.resealed++;
    } catch (error) {
      done.unreadable.push({ ...named(row), reason: (error as Error).message });
    }
  }
  return done;
}

/**
 * Seals secrets with AES-256-GCM: the first of PAYLOAD_KEYS seals, all open. What a secret belongs to is authenticated with
 * it, so a row that was moved to another WABA does not open there.
 */
export class Sealing {
  constructor(private readonly keys: readonly PayloadKey[]) {}

  /** The ID of the key that seals. @throws {RecordsError} without any: a secret is never kept in clear */
  get keyId(): string {
    return this.#first().id;
  }

  seal(text: string, belongsTo: readonly string[]): SealedText {
    const key = this.#first();
    const iv = randomBytes(ivBytes);
    const sealing = createCipheriv(cipher, derived(key), iv, { authTagLength: tagBytes });
    sealing.setAAD(associated(key.id, belongsTo));
    const bytes = [iv, sealing.update(text, 'utf8'), sealing.final(), sealing.getAuthTag()];
    return { keyId: key.id, sealed: Buffer.concat(bytes) };
  }

  /** @throws {SealedTokenError} naming the key where it is missing, or where what was sealed does not belong there */
  open({ keyId, sealed }: SealedText, belongsTo: readonly string[]): string {
    const key = this.keys.find(({ id }) => id === keyId);
    if (!key) {
      throw new SealedTokenError(
        `A token was sealed with the key ${keyId}, which is not among PAYLOAD_KEYS`,
        'add it there, after the first',
      );
    }
    try {
      const bytes = Buffer.from(sealed);
      const opening = createDecipheriv(cipher, derived(key), bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      });
      opening.setAAD(associated(keyId, belongsTo)).setAuthTag(bytes.subarray(-tagBytes));
      return opening.update(bytes.subarray(ivBytes, -tagBytes)).toString('utf8') + opening.final('utf8');
    } catch {
      throw new SealedTokenError(
        `A token that was sealed with the key ${keyId} cannot be read`,
        'it was altered, or PAYLOAD_KEYS holds another key of that name: have the customer sign up again',
      );
    }
  }

  #first(): PayloadKey {
    const [first] = this.keys;
    if (first) return first;
    throw new RecordsError(
      "Customers' tokens are kept sealed alone, and PAYLOAD_KEYS is empty",
      'set PAYLOAD_KEYS to the key ring of the workers',
    );
  }
}

/** For this purpose alone: payloads and tokens never share a key and an IV. */
const derived = ({ key }: PayloadKey) =>
  Buffer.from(hkdfSync('sha256', key, '', 'preverified customer token', 32));

const associated = (keyId: string, belongsTo: readonly string[]) =>
  Buffer.from(JSON.stringify([keyId, ...belongsTo]));
