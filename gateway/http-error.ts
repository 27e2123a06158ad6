import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { RefusedError, TimedOutError } from '../client';

/** The answer to a request that changed nothing. `answers.ts` sends it. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  /** Seconds after which the request may be repeated. */
  readonly retryAfter: number | undefined;

  constructor(
    /**
     * 400 malformed · 401 not authentic · 404 no such number · 409 not possible now · 410 the reservation has
     * ended · 413 too large · 429 too many · 503 try again.
     */
    readonly statusCode: 400 | 401 | 404 | 409 | 410 | 413 | 429 | 503,
    /** For the sender. It is logged as well, so it never repeats what was sent. */
    message: string,
    { retryAfter, ...options }: ErrorOptions & { retryAfter?: number } = {},
  ) {
    super(message, options);
    this.retryAfter = retryAfter ?? (statusCode === 503 ? 5 : undefined);
  }
}

/**
 * What the sender is told when a number or Temporal says no. An error that is neither comes back as it is.
 *
 * @param notFound the message where Temporal has no such workflow
 */
export function toHttpError(error: unknown, notFound = 'There is no such number.'): unknown {
  if (error instanceof RefusedError) return new HttpError(statusOf[error.type] ?? 409, error.message);
  if (error instanceof TimedOutError) return new HttpError(503, error.message, { cause: error });
  const cause = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(cause)) return error;
  // A missing namespace is our operator's fault and is mended; a missing workflow will not be there later either.
  return cause.code === status.NOT_FOUND && !cause.details.startsWith('Namespace')
    ? new HttpError(404, notFound)
    : new HttpError(503, 'Nothing was accepted, since Temporal does not answer: send it again.', { cause });
}

/** By the type of a rejection; 409 for all others. That no number is free is no fault of the sender's: try again. */
const statusOf: Partial<Record<RefusedError['type'], HttpError['statusCode']>> = {
  InvalidMessage: 400,
  UnknownNumber: 404,
  ReservationEnded: 410,
  NoneFree: 503,
  MetaRefused: 503,
  BudgetSpent: 503,
};
