import fastify, { type FastifyInstance } from 'fastify';
import { controlRoutes } from './control/routes';
import { GraphError } from './graph-error';
import { graphRoutes } from './graph/routes';
import { signupRoutes } from './signup/routes';
import type { Simulation } from './simulation';

/** Control under `/_sim/`, the signup popup, and the Graph API everywhere else. @param closing aborts when long polls must end */
export function createServer(simulation: Simulation, closing: AbortSignal): FastifyInstance {
  const server = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 2 ** 20 });
  server.removeAllContentTypeParsers();
  server.register(
    (control, _options, done) => {
      acceptJson(control);
      controlRoutes(control, simulation, closing);
      done();
    },
    { prefix: '/_sim' },
  );
  server.register((popup, _options, done) => {
    acceptJson(popup);
    signupRoutes(popup, simulation);
    done();
  });
  server.register((graph, _options, done) => {
    graphRoutes(graph, simulation);
    done();
  });
  return server;
}

/** Whatever the content type says; an empty body is none. */
function acceptJson(control: FastifyInstance): void {
  control.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, parsed) => {
    try {
      parsed(null, body === '' ? undefined : JSON.parse(String(body)));
    } catch {
      parsed(Object.assign(new Error('the body is not JSON'), { statusCode: 400 }), undefined);
    }
  });
  control.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error instanceof GraphError ? error.entry.status : (error.statusCode ?? 500);
    return reply.code(status).send({ error: error.message });
  });
}
