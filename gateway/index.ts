import rateLimit from '@fastify/rate-limit';
import type { Client } from '@temporalio/client';
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import { listen } from '../client/connection/listen';
import type { Logger } from '../client/connection/logger';
import type { Settings } from '../client/settings';
import { answerFailures } from './answers';
import { intakes } from './intakes';
import { metaWebhooks, type LookForClaims } from './meta/webhooks';
import { receiveCode } from './otp/receive-code';
import { standardWebhooksIntake } from './otp/standard-webhooks';
import { twilioIntake } from './otp/twilio';
import { promptly } from './promptly';
import { RecentMessages } from './recent-messages';
import { Refused } from './refused';

export type GatewaySettings = Settings<'webhooks' | 'gateway'>;

export interface GatewayDependencies {
  client: Client;
  logger: Logger;
  lookForClaims: LookForClaims;
  /** The signup page and what belongs to it. */
  signup?: FastifyPluginAsync;
}

export interface Gateway {
  /** Where it listens, `http://127.0.0.1:8080`. */
  url: string;
  /** Lets the requests under way end. */
  close(): Promise<void>;
}

/** Above the longest form that Twilio sends, a text of 1,600 letters outside ASCII. */
const bodyLimit = 64 * 1024;

/**
 * Takes in codes, webhooks and signups over HTTP, each request proved to be its sender's and answered only when Temporal
 * holds it: 202 held · 200 seen before · 400 malformed · 401 not authentic · 404 no such number · 413 too large ·
 * 429 too many · 503 try again. An answer that is none of the first two says why in `message`.
 *
 * @throws {StartError} if it cannot listen
 */
export async function startGateway(
  settings: GatewaySettings,
  dependencies: GatewayDependencies,
): Promise<Gateway> {
  const server = await createGateway(settings, dependencies);
  const url = await listen(server, settings.gateway, 'The gateway', 'GATEWAY');
  return { url, close: () => server.close() };
}

/** The gateway before it listens. */
export async function createGateway(
  settings: GatewaySettings,
  { client, logger, lookForClaims, signup }: GatewayDependencies,
): Promise<FastifyInstance> {
  const { webhooks, gateway } = settings;
  // A sender that is slow on purpose is let go.
  const server = Fastify({ bodyLimit, requestTimeout: 20_000, forceCloseConnections: 'idle' });
  // Over ten seconds, for honest senders come in bursts.
  await server.register(rateLimit, {
    max: Math.ceil(gateway.requestsPerSecond * 10),
    timeWindow: '10 seconds',
  });
  answerFailures(server, logger);

  const recent = new RecentMessages();
  const receive = receiveCode(client, recent);
  const look: LookForClaims = (wabaId, id) => promptly(client, () => lookForClaims(wabaId, id));
  const base = () => gateway.publicUrl ?? server.listeningOrigin;
  const { twilioAuthToken, otpSecret, appSecret, verifyToken } = webhooks;
  if (twilioAuthToken !== null) await server.register(twilioIntake(twilioAuthToken, base, receive));
  if (otpSecret !== null) await server.register(standardWebhooksIntake(otpSecret, receive));
  if (appSecret !== null && verifyToken !== null) {
    await server.register(metaWebhooks({ appSecret, verifyToken }, look, recent));
  }
  for (const { paths, missing } of intakes(settings)) {
    if (missing.length > 0) for (const path of paths) closed(server, path, missing);
  }
  if (signup) await server.register(signup);
  return server;
}

/** Nothing can prove itself where there is no secret to prove it by. */
function closed(server: FastifyInstance, path: string, missing: readonly string[]): void {
  server.all(path, { onRequest: () => Promise.reject(isClosed(path, missing)) }, () => undefined);
}

const isClosed = (path: string, missing: readonly string[]) =>
  new Refused(401, `${path} is closed: ${missing.join(' and ')} must be set for it.`);
