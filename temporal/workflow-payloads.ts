import { defaultPayloadConverter, ValueError, type Payload, type PayloadConverter } from '@temporalio/common';
import { ALTERED, ENCRYPTED } from '../contract/payload-encodings';

/** Names a key, and no more: it may be read in clear. */
export class UnreadableError extends ValueError {}

/**
 * What a workflow cannot read fails its task; says why, for the SDK would only name an unknown encoding. Loaded by its path,
 * into the workflow bundle too.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload(payload: Payload) {
    const encoding = text(payload, 'encoding');
    if (encoding === ENCRYPTED)
      throw new UnreadableError(
        `A payload was encrypted with the key ${text(payload, 'encryption-key-id')}, which is not among PAYLOAD_KEYS of the worker: add it there, after the first`,
      );
    if (encoding === ALTERED)
      throw new UnreadableError(
        'A payload was altered, or PAYLOAD_KEYS of the worker holds another key of the name it was encrypted with',
      );
    return defaultPayloadConverter.fromPayload(payload);
  },
};

const text = ({ metadata }: Payload, name: string) => new TextDecoder().decode(metadata?.[name] ?? undefined);
