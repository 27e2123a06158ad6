import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from '../settings/logger';
import { Refused } from './http-error';

/** Seconds after which a sender may try again what could not be taken in. */
const retryAfter = 5;

/**
 * Answers every failure as `{message}` and logs it, by the path of its route alone: an address may hold a token, a body
 * a code.
 */
export function answerFailures(server: FastifyInstance, logger: Logger): void {
  server.setErrorHandler(async (error: FastifyError | Refused, { method, routeOptions }, reply) => {
    const statusCode = statusOf(error);
    const where = { method, path: routeOptions.url, status: statusCode };
    if (statusCode === 503 && error.cause) {
      logger.error({ ...where, reason: reasonOf(error.cause) }, error.message);
    } else if (statusCode === 500) {
      logger.error({ ...where, stack: error.stack }, 'the gateway has a fault');
    } else logger.warn(where, error.message);
    if (statusCode === 503) void reply.header('retry-after', retryAfter);
    const message = statusCode === 500 ? 'The gateway has a fault: send it again later.' : error.message;
    await reply.code(statusCode).send({ message });
  });
  server.setNotFoundHandler({ preHandler: server.rateLimit() }, async (_request, reply) => {
    await reply.code(404).send({ message: 'There is nothing here.' });
  });
  server.addHook('onSend', async (_request, reply) => {
    void reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
  });
}

/** Before there is a route: fastify's own answer repeats what was sent. */
export function answerMalformedAddress(_error: unknown, _request: unknown, reply: FastifyReply): void {
  void reply.code(400).send({ message: 'The address is malformed.' });
}

function statusOf({ statusCode = 500 }: { statusCode?: number | undefined }): number {
  // A type of body that nobody sends is as malformed as any other.
  return statusCode === 415 ? 400 : statusCode;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
