import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  isGrpcServiceError,
  makeGrpcRetryInterceptor,
  ServiceError,
} from '@temporalio/client';
import type { Settings } from '../settings';
import { dataConverter } from './data-converter';
import type { EncryptionOptions } from './encryption-codec';
import { unreachable } from './unreachable';
import { untilClosed } from './until-closed';

export interface Connected {
  client: Client;
  connection: Connection;
  close: () => Promise<void>;
}

/**
 * Connects to Temporal with the payload codec in place.
 *
 * @throws {StartError} if Temporal cannot be reached within five seconds or refuses the credentials
 */
export async function connect(
  settings: Settings<'temporal' | 'payloads'>,
  options: EncryptionOptions = {},
): Promise<Connected> {
  const { connectionOptions, namespace } = settings.temporal;
  const calls = untilClosed();
  const connection = Connection.lazy({
    ...connectionOptions,
    connectTimeout: '5 seconds',
    // Of itself gRPC waits up to two minutes before it looks again whether the server is back.
    channelArgs: { 'grpc.max_reconnect_backoff_ms': 5_000 },
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), calls.interceptor],
  });
  const close = () => {
    calls.close();
    return connection.close();
  };
  try {
    await connection.ensureConnected();
  } catch (error) {
    await close();
    const cause = error instanceof ServiceError ? error.cause : error;
    throw unreachable(settings.temporal, isGrpcServiceError(cause) ? cause : error);
  }
  const client = new Client({ connection, namespace, dataConverter: dataConverter(settings, options) });
  return { client, connection, close };
}
