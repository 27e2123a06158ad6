import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';

/**
 * Temporal has no such run, or has deleted it. The SDK makes an error of its own of that for most calls, and leaves gRPC's
 * for `fetchHistory`, though https://github.com/temporalio/features/issues/76 asked for its own there, too.
 */
export const isNotFound = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === status.NOT_FOUND);
