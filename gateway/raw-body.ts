import type { FastifyInstance } from 'fastify';

/** Bodies come as the bytes that were signed, whatever type they claim to be. */
export function keepRawBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}

/** The body of a request of such a server; one without a body counts as empty. */
export function rawBody(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}
