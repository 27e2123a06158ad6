import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import type { Records } from '../records';
import type { Settings } from '../settings';
import type { Logger } from '../settings/logger';
import { RecentRequests } from './idempotency';
import { customersAtMeta } from './meta/customers';
import { metaWebhooks } from './meta/webhooks';
import { bandwidth } from './otp/bandwidth';
import type { Carrier } from './otp/carrier';
import { carrierWebhook } from './otp/carrier-webhook';
import { elks } from './otp/elks';
import { plivo } from './otp/plivo';
import { receiveCode } from './otp/receive-code';
import { standardWebhooks } from './otp/standard-webhooks';
import { telnyx } from './otp/telnyx';
import { twilioWebhooks } from './otp/twilio';
import { vonage } from './otp/vonage';
import type { FindClaims } from './signals';
import { signupRoutes, type ExchangeSettings } from './signup';

export type GatewaySettings = Settings<'payloads' | 'webhooks' | 'gateway' | 'signupPage'>;

/** What the gateway answers on some paths. */
export interface Route {
  paths: readonly string[];
  /** The settings that are missing: without its secrets a route cannot tell who is authentic, so it stays closed. */
  missing: readonly string[];
  open: (server: FastifyInstance) => void | Promise<void>;
}

type Webhooks = GatewaySettings['webhooks'];

/** The carriers beside Twilio, each with the setting that holds its secrets. */
const carriers: readonly {
  carrier: Carrier;
  setting: string;
  secretsIn: (settings: Webhooks) => string[] | null;
}[] = [
  { carrier: telnyx, setting: 'TELNYX_PUBLIC_KEY', secretsIn: ({ telnyxKeys }) => telnyxKeys },
  { carrier: vonage, setting: 'VONAGE_SIGNATURE_SECRET', secretsIn: ({ vonageSecrets }) => vonageSecrets },
  { carrier: plivo, setting: 'PLIVO_AUTH_TOKEN', secretsIn: ({ plivoTokens }) => plivoTokens },
  { carrier: elks, setting: 'ELKS_WEBHOOK_LOGIN', secretsIn: ({ elksLogins }) => elksLogins },
  {
    carrier: bandwidth,
    setting: 'BANDWIDTH_WEBHOOK_LOGIN',
    secretsIn: ({ bandwidthLogins }) => bandwidthLogins,
  },
];

interface Dependencies {
  client: Client;
  findClaims: FindClaims;
  /** Where customers' tokens are kept; `null` where no signup brings any. */
  records: Records | null;
  logger: Logger;
  /** The gateway's own address, once it listens. */
  listeningOrigin: () => string;
}

/** Every route, with the settings that open it. */
export function routes(
  settings: GatewaySettings,
  { client, findClaims, records, logger, listeningOrigin }: Dependencies,
): Route[] {
  const { webhooks, gateway, signupPage, payloads } = settings;
  const signupNeeds = {
    META_APP_ID: signupPage.appId,
    META_CONFIG_ID: signupPage.configId,
    GATEWAY_API_KEYS: gateway.apiKeys.length > 0 ? gateway.apiKeys : null,
  };
  const recent = new RecentRequests();
  const receive = receiveCode(client, recent);
  const base = () => gateway.publicUrl ?? listeningOrigin();
  return [
    route(['/otp/sms', '/otp/voice', '/otp/call'], { TWILIO_AUTH_TOKEN: webhooks.twilioTokens }, (needs) =>
      twilioWebhooks(needs.TWILIO_AUTH_TOKEN, base, receive),
    ),
    ...carriers.map(({ carrier, setting, secretsIn }) =>
      route([carrier.path], { [setting]: secretsIn(webhooks) }, (needs) =>
        carrierWebhook(carrier, needs[setting] ?? [], base, receive),
      ),
    ),
    route(['/otp'], { OTP_WEBHOOK_SECRET: webhooks.otpSecrets }, (needs) =>
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
          customers: customersAtMeta(client, signupPage.portfolioId, logger),
          recent,
          logger,
        }),
    ),
    route(
      ['/signup', '/signup/config', '/signup/events', '/signup/code'],
      {
        ...signupNeeds,
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
          exchange: exchangeSettings(settings, records),
          logger,
        }),
    ),
    // Opened by the routes above: a session has its limits and what it named in common with them.
    route(
      ['/signup/code-exchange'],
      {
        ...signupNeeds,
        META_APP_SECRET: webhooks.appSecret,
        PAYLOAD_KEYS: payloads.keys[0] ?? null,
        PORTFOLIO_ID: signupPage.portfolioId,
        RECORDS_URL: records,
      },
      () => () => undefined,
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

/** Whether signups bring codes that can be exchanged, and so tokens that need records. */
export const takesCodes = ({ webhooks, payloads, gateway, signupPage }: GatewaySettings): boolean =>
  ![webhooks.appSecret, signupPage.appId, signupPage.configId, signupPage.portfolioId].includes(null) &&
  payloads.keys.length > 0 &&
  gateway.apiKeys.length > 0;

/** Without payload keys a token could only be kept in clear, so it is not kept at all. */
function exchangeSettings(settings: GatewaySettings, records: Records | null): ExchangeSettings | null {
  const { webhooks, gateway } = settings;
  if (records === null || webhooks.appSecret === null || !takesCodes(settings)) return null;
  return { records, appSecret: webhooks.appSecret, callsPerSecond: gateway.graphCallsPerSecond };
}
