import { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { failureConverterPath } from './data-converter';
import { encryptedWith, EncryptionCodec } from './encryption-codec';

const known = new WeakMap<Client, Client>();

/**
 * The same client for whoever reads many: one that cannot be read hinders no other. What its keys do not open comes back
 * as `Sealed`.
 */
export function readingClient(client: Client): Client {
  const found = known.get(client);
  if (found) return found;
  const { connection, options } = client;
  const { namespace, identity, loadedDataConverter } = options;
  const codecs = loadedDataConverter.payloadCodecs.map((codec) =>
    codec instanceof EncryptionCodec
      ? new EncryptionCodec(codec.keys, { ...codec.options, unknownKey: 'leave', altered: 'leave' })
      : codec,
  );
  const reading = new Client({
    connection,
    namespace,
    identity,
    dataConverter: {
      failureConverterPath,
      payloadConverterPath: require.resolve('./sealed'),
      payloadCodecs: codecs,
    },
  });
  known.set(client, reading);
  known.set(reading, reading);
  return reading;
}

/** The ID of the key that a payload is encrypted with and that the client lacks; `null` where it can read it. */
export async function unreadableKey(
  client: Client,
  payload: Payload | null | undefined,
): Promise<string | null> {
  if (!payload) return null;
  let payloads = [payload];
  for (const codec of readingClient(client).options.loadedDataConverter.payloadCodecs) {
    payloads = await codec.decode(payloads);
  }
  return encryptedWith(payloads[0] ?? payload);
}
