import type { Client } from '@temporalio/client';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Records } from '../records';
import type { Logger } from '../settings/logger';
import { listen } from '../temporal/listen';
import { answerErrors, answerMalformedAddress } from './answers';
import { HttpError } from './http-error';
import { limitVisitors, trusted } from './limits';
import { routes, type GatewaySettings, type Route } from './routes';
import { withDeadline, type FindClaims } from './signals';

export type { GatewaySettings };

export interface GatewayDependencies {
  client: Client;
  logger: Logger;
  findClaims: FindClaims;
  /** Where the tokens of customers who sign up are kept; without it no code of theirs is exchanged. */
  records?: Records | null;
}

export interface Gateway {
  /** Where it listens, `http://127.0.0.1:8080`. */
  url: string;
  /** The paths that are open. */
  open: string[];
  /** Lets the requests under way end. */
  close(): Promise<void>;
}

/** Above the longest form that Twilio sends, a text of 1,600 letters outside ASCII. */
const bodyLimit = 64 * 1024;

/**
 * Accepts codes, webhooks and signups over HTTP. Each request must prove who sent it, and is answered only once Temporal
 * holds it: 202 accepted · 200 a repeat, or nothing to act on · 400 malformed · 401 not authentic · 404 no such number ·
 * 409 not possible now · 410 the reservation has ended · 413 too large · 429 too many · 503 try again. Every answer says in `message` what it means.
 *
 * @throws {StartError} if it cannot listen
 */
export async function startGateway(
  settings: GatewaySettings,
  dependencies: GatewayDependencies,
): Promise<Gateway> {
  const { logger } = dependencies;
  const { server, routes } = await createGateway(settings, dependencies);
  const url = await listen(server, settings.gateway, 'The gateway', 'GATEWAY');
  for (const { paths, missing } of routes) {
    if (missing.length > 0) logger.warn(`${paths.join(', ')} closed: set ${missing.join(' and ')} to open`);
  }
  const { twilioTokens, plivoTokens } = settings.webhooks;
  if (settings.gateway.publicUrl === null && (twilioTokens ?? plivoTokens) !== null) {
    logger.warn(`GATEWAY_URL is not set: the signatures of Twilio and Plivo are expected to be of ${url}`);
  }
  const open = routes.filter(({ missing }) => missing.length === 0).flatMap(({ paths }) => paths);
  return { url, open, close: () => server.close() };
}

/** The gateway before it listens. */
export async function createGateway(
  settings: GatewaySettings,
  { client, logger, findClaims, records = null }: GatewayDependencies,
): Promise<{ server: FastifyInstance; routes: Route[] }> {
  const isTrusted = trusted(settings.gateway.trustedProxies);
  const server = Fastify({
    bodyLimit,
    trustProxy: isTrusted,
    // Frees the connection of a sender that is slow on purpose.
    requestTimeout: 20_000,
    forceCloseConnections: 'idle',
    frameworkErrors: answerMalformedAddress,
  });
  await limitVisitors(server, settings.gateway.requestsPerSecond, isTrusted, logger);
  answerErrors(server, logger);
  const all = routes(settings, {
    client,
    logger,
    records,
    findClaims: (wabaId, requestId, options) =>
      withDeadline(client, () => findClaims(wabaId, requestId, options)),
    listeningOrigin: () => server.listeningOrigin,
  });
  for (const { paths, missing, open } of all) {
    if (missing.length === 0) await server.register(async (scope) => open(scope));
    else for (const path of paths) close(server, path, missing);
  }
  return { server, routes: all };
}

function close(server: FastifyInstance, path: string, missing: readonly string[]): void {
  const error = new HttpError(401, `${path} is closed: ${missing.join(' and ')} must be set for it.`);
  server.all(path, { onRequest: () => Promise.reject(error) }, () => undefined);
}
