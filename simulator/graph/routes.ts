import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphError } from '../graph-error';
import type { Simulation } from '../simulation';
import { answer } from './answer';
import { readParameters } from './read-parameters';

/** Everything that is not the simulator's own control is the Graph API. */
export function graphRoutes(server: FastifyInstance, simulation: Simulation): void {
  server.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/*',
    handler: (request, reply) => handle(simulation, request, reply),
  });
}

async function handle(
  simulation: Simulation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const traceId = randomUUID().replaceAll('-', '').slice(0, 22);
  const url = new URL(request.url, `${request.protocol}://${request.host}`);
  try {
    const parameters = await readParameters(
      url.searchParams,
      Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      request.headers['content-type'] ?? '',
    );
    const { method, headers } = request;
    const incoming = {
      method,
      path: url.pathname,
      url: url.origin + url.pathname,
      authorization: headers.authorization,
      parameters,
    };
    const answered = await answer(simulation, incoming, traceId);
    if (answered === 'cut') {
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    }
    reply.code(answered.status).headers(answered.headers);
    return answered.body === null ? reply.send() : reply.send(answered.body);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return reply.code(error.entry.status).send(error.envelope(traceId));
  }
}
