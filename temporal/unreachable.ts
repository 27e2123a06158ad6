import { status } from '@grpc/grpc-js';
import { isGrpcServiceError } from '@temporalio/client';
import type { TemporalSettings } from '../settings/temporal';
import { StartError } from '../settings/start-error';

/** Why Temporal did not answer, as a person can mend it. Another fault than that comes back as it is. */
export function unreachable({ address, connectionOptions }: TemporalSettings, error: unknown): unknown {
  const code = isGrpcServiceError(error) ? error.code : null;
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) {
    return new StartError(
      `Temporal at ${address} refuses the credentials`,
      'check TEMPORAL_API_KEY, or the certificate in TEMPORAL_TLS_CLIENT_CERT_PATH',
    );
  }
  if (code === null || code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED) {
    const tls = connectionOptions.tls ? 'with TLS' : 'without TLS';
    return new StartError(
      `Temporal cannot be reached at ${address} (${tls})`,
      'start it there, for example with "temporal server start-dev", or set TEMPORAL_ADDRESS and TEMPORAL_TLS to where it runs',
      { cause: error },
    );
  }
  return error;
}
