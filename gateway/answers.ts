import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from '../settings/logger';
import { toHttpError, type HttpError } from './http-error';

/** What became of a request that Temporal holds, held before, or need not hold. */
export type Result = 'accepted' | 'duplicate' | 'ignored';

export const statusOf: Record<Result, number> = { accepted: 202, duplicate: 200, ignored: 200 };
const messages: Record<Result, string> = {
  accepted: 'Accepted.',
  duplicate: 'Accepted before: a repeat has no effect.',
  ignored: 'There is nothing in it to act on.',
};

export function answer(reply: FastifyReply, result: Result): FastifyReply {
  return reply.code(statusOf[result]).send({ message: messages[result] });
}

/**
 * Answers every error as `{message}` and logs it with the path of its route, never with the address that was asked for
 * or the body: an address may hold a token, a body a code.
 */
export function answerErrors(server: FastifyInstance, logger: Logger): void {
  server.setErrorHandler(async (thrown, { method, routeOptions }, reply) => {
    const error = toHttpError(thrown) as FastifyError | HttpError;
    const status = statusCodeOf(error);
    const where = { method, path: routeOptions.url, status };
    if (status === 503 && error.cause) {
      logger.error({ ...where, reason: reasonOf(error.cause) }, error.message);
    } else if (status === 500) {
      logger.error({ ...where, stack: error.stack }, 'the gateway has a fault');
    } else logger.warn(where, error.message);
    if ('retryAfter' in error && error.retryAfter !== undefined)
      void reply.header('retry-after', error.retryAfter);
    const message = status === 500 ? 'The gateway has a fault: send it again later.' : error.message;
    await reply.code(status).send({ message });
  });
  server.setNotFoundHandler({ preHandler: server.rateLimit() }, async (_request, reply) => {
    await reply.code(404).send({ message: 'There is nothing here.' });
  });
  server.addHook('onSend', async (_request, reply) => {
    void reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
  });
}

/** For an address that no route can be found for: fastify's own answer repeats it. */
export function answerMalformedAddress(_error: unknown, _request: unknown, reply: FastifyReply): void {
  void reply.code(400).send({ message: 'The address is malformed.' });
}

function statusCodeOf({ statusCode = 500 }: { statusCode?: number | undefined }): number {
  // Fastify's 415, a content type without a parser: to a sender a malformed body like any other.
  return statusCode === 415 ? 400 : statusCode;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
