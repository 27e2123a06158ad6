import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';
import { encryptedWith } from './encryption-codec';

/** What stands in a payload that the reader holds no key for. */
export class Sealed {
  constructor(readonly keyId: string) {}
}

/** For readers who may see only a part: what stays encrypted is read as {@link Sealed}. Loaded by its path. */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload(payload: Payload) {
    const keyId = encryptedWith(payload);
    return (keyId === null ? defaultPayloadConverter.fromPayload(payload) : new Sealed(keyId)) as never;
  },
};
