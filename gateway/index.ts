import rateLimit from '@fastify/rate-limit';
import type { Client } from '@temporalio/client';
import Fastify, { type FastifyInstance } from 'fastify';
import { listen } from '../temporal/listen';
import type { Logger } from '../settings/logger';
import type { Settings } from '../settings';
import { answerFailures, answerMalformedAddress } from './answers';
import { intakes, type Intake } from './routes';
import { metaWebhooks, type FindClaims } from './meta/webhooks';
import { receiveCode } from './otp/receive-code';
import { standardWebhooksIntake } from './otp/standard-webhooks';
import { twilioIntake } from './otp/twilio';
import { promptly } from './with-deadline';
import { RecentMessages } from './recent-messages';
import { Refused } from './http-error';
import { openSignup } from './signup/open';

export type GatewaySettings = Settings<'payloads' | 'webhooks' | 'gateway' | 'signupPage'>;

export interface GatewayDependencies {
  client: Client;
  logger: Logger;
  findClaims: FindClaims;
}

export interface Gateway {
  /** Where it listens, `http://127.0.0.1:8080`. */
  url: string;
  /** The paths that take something in. */
  open: string[];
  /** Lets the requests under way end. */
  close(): Promise<void>;
}

/** Above the longest form that Twilio sends, a text of 1,600 letters outside ASCII. */
const bodyLimit = 64 * 1024;

/**
 * Takes in codes, webhooks and signups over HTTP, each request proved to be its sender's and answered only when Temporal
 * holds it: 202 held · 200 seen before · 400 malformed · 401 not authentic · 404 no such number · 409 nothing to show
 * yet · 413 too large · 429 too many · 503 try again. An answer that is none of the first two says why in `message`.
 *
 * @throws {StartError} if it cannot listen
 */
export async function startGateway(
  settings: GatewaySettings,
  dependencies: GatewayDependencies,
): Promise<Gateway> {
  const { logger } = dependencies;
  const { server, ways } = await createGateway(settings, dependencies);
  const url = await listen(server, settings.gateway, 'The gateway', 'GATEWAY');
  for (const { paths, missing } of ways) {
    if (missing.length > 0) logger.warn(`${paths.join(', ')} closed: set ${missing.join(' and ')} to open`);
  }
  if (settings.gateway.publicUrl === null && settings.webhooks.twilioAuthToken !== null) {
    logger.warn(`GATEWAY_URL is not set: Twilio's signatures are taken to be of ${url}`);
  }
  const open = ways.filter(({ missing }) => missing.length === 0).flatMap(({ paths }) => paths);
  return { url, open, close: () => server.close() };
}

/** The gateway before it listens. */
export async function createGateway(
  settings: GatewaySettings,
  { client, logger, ...dependencies }: GatewayDependencies,
): Promise<{ server: FastifyInstance; ways: Intake[] }> {
  const { webhooks, gateway } = settings;
  // A sender that is slow on purpose is let go.
  const server = Fastify({
    bodyLimit,
    requestTimeout: 20_000,
    forceCloseConnections: 'idle',
    frameworkErrors: answerMalformedAddress,
  });
  // Over ten seconds, for honest senders come in bursts.
  await server.register(rateLimit, {
    max: Math.ceil(gateway.requestsPerSecond * 10),
    timeWindow: '10 seconds',
  });
  answerFailures(server, logger);

  const recent = new RecentMessages();
  const receive = receiveCode(client, recent);
  const findClaims: FindClaims = (wabaId, id) => promptly(client, () => dependencies.findClaims(wabaId, id));
  const base = () => gateway.publicUrl ?? server.listeningOrigin;
  const { twilioAuthToken, otpSecret, appSecret, verifyToken } = webhooks;
  if (twilioAuthToken !== null) await server.register(twilioIntake(twilioAuthToken, base, receive));
  if (otpSecret !== null) await server.register(standardWebhooksIntake(otpSecret, receive));
  if (appSecret !== null && verifyToken !== null) {
    await server.register(metaWebhooks({ appSecret, verifyToken }, findClaims, recent));
  }
  const signup = openSignup(settings, { client, findClaims });
  if (signup.plugin) await server.register(signup.plugin);
  const ways = [...intakes(settings), { paths: signupPaths, missing: signup.missing }];
  for (const { paths, missing } of ways) {
    if (missing.length > 0) for (const path of paths) closed(server, path, missing);
  }
  return { server, ways };
}

const signupPaths = ['/signup', '/signup/config', '/signup/events', '/signup/code'];

/** Nothing can prove itself where there is no secret to prove it by. */
function closed(server: FastifyInstance, path: string, missing: readonly string[]): void {
  const refusal = new Refused(401, `${path} is closed: ${missing.join(' and ')} must be set for it.`);
  server.all(path, { onRequest: () => Promise.reject(refusal) }, () => undefined);
}
