import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import type { Settings } from '../settings';
import type { Logger } from '../settings/logger';
import { RecentRequests } from './idempotency';
import { metaWebhooks } from './meta/webhooks';
import { receiveCode } from './otp/receive-code';
import { standardWebhooks } from './otp/standard-webhooks';
import { twilioWebhooks } from './otp/twilio';
import type { FindClaims } from './signals';
import { signupRoutes } from './signup';

export type GatewaySettings = Settings<'payloads' | 'webhooks' | 'gateway' | 'signupPage'>;

/** What the gateway answers on some paths. */
export interface Route {
  paths: readonly string[];
  /** The settings that are missing: without its secrets a route cannot tell who is authentic, so it stays closed. */
  missing: readonly string[];
  open: (server: FastifyInstance) => void | Promise<void>;
}

interface Dependencies {
  client: Client;
  findClaims: FindClaims;
  logger: Logger;
  /** The gateway's own address, once it listens. */
  listeningOrigin: () => string;
}

/** Every route, with the settings that open it. */
export function routes(
  settings: GatewaySettings,
  { client, findClaims, logger, listeningOrigin }: Dependencies,
): Route[] {
  const { webhooks, gateway, signupPage } = settings;
  const recent = new RecentRequests();
  const receive = receiveCode(client, recent);
  const base = () => gateway.publicUrl ?? listeningOrigin();
  return [
    route(['/otp/sms', '/otp/voice'], { TWILIO_AUTH_TOKEN: webhooks.twilioAuthToken }, (needs) =>
      twilioWebhooks(needs.TWILIO_AUTH_TOKEN, base, receive),
    ),
    route(['/otp'], { OTP_WEBHOOK_SECRET: webhooks.otpSecret }, (needs) =>
      standardWebhooks(needs.OTP_WEBHOOK_SECRET, receive),
    ),
    route(
      ['/webhooks/meta'],
      { META_APP_SECRET: webhooks.appSecret, META_VERIFY_TOKEN: webhooks.verifyToken },
      (needs) =>
        metaWebhooks({
          appSecret: needs.META_APP_SECRET,
          verifyToken: needs.META_VERIFY_TOKEN,
          portfolioId: signupPage.portfolioId,
          findClaims,
          recent,
          logger,
        }),
    ),
    route(
      ['/signup', '/signup/config', '/signup/events', '/signup/code'],
      {
        META_APP_ID: signupPage.appId,
        META_CONFIG_ID: signupPage.configId,
        GATEWAY_API_KEYS: gateway.apiKeys.length > 0 ? gateway.apiKeys : null,
        'PAYLOAD_KEYS or META_APP_SECRET': sessionKeys(settings),
      },
      (needs) =>
        signupRoutes({
          client,
          findClaims,
          page: { ...signupPage, appId: needs.META_APP_ID },
          portfolioId: signupPage.portfolioId,
          configId: needs.META_CONFIG_ID,
          apiKeys: needs.GATEWAY_API_KEYS,
          keys: needs['PAYLOAD_KEYS or META_APP_SECRET'],
          logger,
        }),
    ),
  ];
}

/** @param needs what the route cannot do without, by the setting's name; `null` where it is not set */
function route<Needs extends Record<string, unknown>>(
  paths: readonly string[],
  needs: Needs,
  handlers: (needs: { [Name in keyof Needs]: NonNullable<Needs[Name]> }) => Route['open'],
): Route {
  const missing = Object.keys(needs).filter((name) => needs[name] === null);
  return {
    paths,
    missing,
    open: (server) => handlers(needs as { [Name in keyof Needs]: NonNullable<Needs[Name]> })(server),
  };
}

/** The keys of sessions' tokens: the ones that encrypt payloads, else one from the app's secret. */
function sessionKeys({ payloads, webhooks }: GatewaySettings): [KeyObject, ...KeyObject[]] | null {
  const [first, ...others] = payloads.keys.map(({ key }) => key);
  if (first !== undefined) return [first, ...others];
  return webhooks.appSecret === null ? null : [createSecretKey(webhooks.appSecret, 'utf8')];
}
