import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { Refused } from './http-error';

/**
 * What Temporal's failure means to a sender. It holds nothing, so whatever the reason the sender keeps its message and
 * tries again; only a number that is not there, or whose life has ended, will not be there later either.
 *
 * @param missing what is said where the workflow is not found
 */
export function temporalRefusal(error: unknown, missing: string): unknown {
  const cause = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(cause)) return error;
  const gone = cause.code === status.NOT_FOUND && !cause.details.startsWith('Namespace');
  return gone
    ? new Refused(404, missing)
    : new Refused(503, 'Nothing was taken in, since Temporal does not answer: send it again.', { cause });
}
