import type { Payload, PayloadCodec } from '@temporalio/common';
import { DecryptionError, EncryptionCodec, encryptedWith } from './encryption-codec';
import { ALTERED } from '../contract/payload-encodings';
import type { PayloadKey } from '../settings/payload-keys';

/**
 * For workers of workflows: one signal that cannot be read must not fail the task that brings it, again and again. What no
 * key opens is handed on as it is, and fails where it is converted; the workflow does that itself for signals, and refuses
 * them. What was opened says with which key, for a workflow must decide in each replay as it did at first, with whatever
 * keys.
 */
export class TolerantCodec implements PayloadCodec {
  readonly #codec: EncryptionCodec;
  readonly #ring: ReadonlySet<string>;

  constructor(keys: readonly PayloadKey[]) {
    this.#codec = new EncryptionCodec(keys);
    this.#ring = new Set(keys.map(({ id }) => id));
  }

  encode(payloads: Payload[]): Promise<Payload[]> {
    return this.#codec.encode(payloads);
  }

  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.#open(payload)));
  }

  async #open(payload: Payload): Promise<Payload> {
    const keyId = encryptedWith(payload);
    if (keyId === null) return payload;
    try {
      const [plain] = await this.#codec.decode([payload]);
      return { ...plain, metadata: { ...plain?.metadata, 'encryption-key-id': Buffer.from(keyId) } };
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      return this.#ring.has(keyId) ? { ...payload, metadata: { encoding: Buffer.from(ALTERED) } } : payload;
    }
  }
}
