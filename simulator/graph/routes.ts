import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphError } from '../graph-error';
import type { Simulation } from '../simulation';
import { answer } from './answer';
import { readParameters } from './read-parameters';

/** Everything that is not the simulator's own control is the Graph API. */
export function graphRoutes(server: FastifyInstance, simulation: Simulation): void {
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
    parsed(null, body);
  });
  server.setErrorHandler((error: Error, _request, reply) => {
    const refusal = error instanceof GraphError ? error : new GraphError('unknown', error.message);
    return reply.code(refusal.entry.status).send(refusal.envelope(newTraceId()));
  });
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
  const { method, headers } = request;
  const url = new URL(request.url, `${request.protocol}://${request.host}`);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const incoming = {
    method,
    path: url.pathname,
    url: url.origin + url.pathname,
    authorization: headers.authorization,
    parameters: await readParameters(url.searchParams, body, headers['content-type'] ?? ''),
  };
  const answered = await answer(simulation, incoming, newTraceId());
  if (answered === 'cut') {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  reply.code(answered.status).headers(answered.headers);
  return answered.body === null ? reply.send() : reply.send(answered.body);
}

/** Meta's `fbtrace_id`. */
const newTraceId = () => randomUUID().replaceAll('-', '').slice(0, 22);
