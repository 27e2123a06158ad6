import * as v from 'valibot';
import { PortfolioId } from '../contract/ids';
import { PayloadKeys } from './payload-keys';
import { recordsUrl } from './records-url';
import { section } from './section';
import { SigningKeys } from './signing-keys';
import { temporal } from './temporal';
import {
  addressRanges,
  anySecrets,
  apiKeys,
  baseUrl,
  duration,
  logins,
  oneOf,
  origins,
  port,
  publicKeys,
  rate,
  text,
  twilioTokens,
  url,
  webhookSecrets,
} from './values';

const portfolioId = v.pipe(
  v.string(),
  v.check(
    (id) => v.is(PortfolioId, id),
    'must be the digits of a business portfolio ID, such as 506914307656634',
  ),
  PortfolioId,
);

const graphAddress = {
  GRAPH_API_URL: url('https://graph.facebook.com'),
  GRAPH_API_VERSION: v.pipe(
    v.optional(v.string(), 'v24.0'),
    v.regex(/^v\d{1,3}\.\d{1,2}$/, ({ received }) => `must look like v24.0, but is ${received}`),
  ),
};

/** Every variable that the project reads; `.env.example` describes each. */
export const sections = {
  temporal,
  payloads: section({ PAYLOAD_KEYS: PayloadKeys }, (env) => ({ keys: env.PAYLOAD_KEYS })),
  log: section(
    { LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info') },
    (env) => ({ level: env.LOG_LEVEL }),
  ),
  pool: section(
    { PORTFOLIO_ID: v.pipe(text('the ID of the business portfolio that owns the pool'), portfolioId) },
    (env) => ({ portfolioId: env.PORTFOLIO_ID }),
  ),
  graph: section(
    {
      ...graphAddress,
      GRAPH_ACCESS_TOKEN: v.pipe(
        text(
          'the access token of a system user, with the permissions business_management, whatsapp_business_management and whatsapp_business_messaging',
        ),
        v.regex(/^[\x21-\x7e]+$/, 'holds blanks or letters that no access token has: copy it again'),
      ),
      // Signs every call, for apps that require the proof of it.
      META_APP_SECRET: v.optional(v.string()),
      // With the secret, the app that the token was made for: by both the doctor asks what the token may do.
      META_APP_ID: v.optional(v.string()),
      GRAPH_CLAIM_DIALECT: oneOf(['sdk', 'doc'], 'sdk'),
    },
    (env) => ({
      baseUrl: env.GRAPH_API_URL,
      version: env.GRAPH_API_VERSION,
      accessToken: env.GRAPH_ACCESS_TOKEN,
      appSecret: env.META_APP_SECRET,
      appId: env.META_APP_ID,
      claimDialect: env.GRAPH_CLAIM_DIALECT,
    }),
  ),
  worker: section(
    {
      GRAPH_CALLS_PER_SECOND: rate(5, 'calls a second'),
      POLICY_DAY: duration('24h'),
      SHUTDOWN_GRACE: duration('20s'),
      METRICS_ADDRESS: v.optional(
        v.pipe(
          v.string(),
          v.regex(
            /^(\d{1,3}(\.\d{1,3}){3}|\[[\da-fA-F:]+\]):\d{1,5}$/,
            'must be an IP address and a port to answer Prometheus on, such as 127.0.0.1:9464',
          ),
        ),
      ),
      // The pool that is reconciled on a schedule.
      PORTFOLIO_ID: v.optional(portfolioId),
      // A file.
      WEBHOOK_ENDPOINTS: v.optional(v.string()),
      // For workers of numbers alone.
      CUSTOMERS: oneOf(['on', 'off'], 'on'),
    },
    (env) => ({
      graphCallsPerSecond: env.GRAPH_CALLS_PER_SECOND,
      policyDay: env.POLICY_DAY,
      shutdownGrace: env.SHUTDOWN_GRACE,
      metricsAddress: env.METRICS_ADDRESS ?? null,
      portfolioId: env.PORTFOLIO_ID ?? null,
      webhookEndpoints: env.WEBHOOK_ENDPOINTS ?? null,
      customers: env.CUSTOMERS === 'on',
    }),
  ),
  // What a worker does for customers; without it the step is skipped.
  customers: section(
    {
      META_APP_ID: v.optional(v.string()),
      META_APP_SECRET: v.optional(v.string()),
      META_CREDIT_LINE_ID: v.optional(
        v.pipe(v.string(), v.regex(/^\d+$/, 'must be the digits of an extended credit line')),
      ),
      META_SYSTEM_USER_ID: v.optional(
        v.pipe(v.string(), v.regex(/^\d+$/, 'must be the digits of a system user')),
      ),
      META_CREDIT_CURRENCY: v.optional(
        v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'must be three capital letters such as USD')),
      ),
    },
    (env) => ({
      app:
        env.META_APP_ID !== undefined && env.META_APP_SECRET !== undefined
          ? { id: env.META_APP_ID, secret: env.META_APP_SECRET }
          : null,
      creditLineId: env.META_CREDIT_LINE_ID ?? null,
      systemUserId: env.META_SYSTEM_USER_ID ?? null,
      currency: env.META_CREDIT_CURRENCY ?? null,
    }),
  ),
  records: section({ RECORDS_URL: recordsUrl, RECORDS_SIGNING_KEY: SigningKeys }, (env) => ({
    place: env.RECORDS_URL,
    signingKeys: env.RECORDS_SIGNING_KEY,
  })),
  codec: section(
    {
      CODEC_HOST: v.optional(v.string(), '127.0.0.1'),
      CODEC_PORT: port(8234),
      CODEC_TOKEN: v.optional(
        v.pipe(
          v.string(),
          v.regex(
            /^[\x21-\x7e]{16,}$/,
            'must be at least 16 letters without blanks: make one with openssl rand -hex 32',
          ),
        ),
      ),
      CODEC_ORIGINS: origins('http://localhost:8233', 'http://127.0.0.1:8233'),
    },
    (env) => ({
      host: env.CODEC_HOST,
      port: env.CODEC_PORT,
      token: env.CODEC_TOKEN ?? null,
      origins: env.CODEC_ORIGINS,
    }),
  ),
  signup: section(
    {
      META_APP_ID: text("the ID of your Meta app, from its dashboard's settings"),
      META_CONFIG_ID: text('the ID of your Facebook Login for Business configuration'),
    },
    (env) => ({ appId: env.META_APP_ID, configId: env.META_CONFIG_ID }),
  ),
  // Without an app and a login configuration there is no signup page.
  signupPage: section(
    {
      META_APP_ID: v.optional(v.string()),
      META_CONFIG_ID: v.optional(v.string()),
      PORTFOLIO_ID: v.optional(portfolioId),
      ...graphAddress,
      SIGNUP_PARTNER_NAME: v.optional(
        v.pipe(v.string(), v.maxLength(80, 'must be a name of at most 80 letters')),
      ),
      SIGNUP_LOGO_URL: v.optional(url('https://www.example.com/logo.svg')),
      SIGNUP_COLOR: v.optional(
        v.pipe(
          v.string(),
          v.regex(
            /^#[\da-fA-F]{6}$/,
            ({ received }) => `must be a colour such as #0b6b53, but is ${received}`,
          ),
        ),
      ),
      SIGNUP_PRIVACY_URL: v.optional(url('https://www.example.com/privacy')),
      SIGNUP_TERMS_URL: v.optional(url('https://www.example.com/terms')),
      SIGNUP_SUPPORT_URL: v.optional(url('https://www.example.com/help')),
    },
    (env) => ({
      partner: {
        name: env.SIGNUP_PARTNER_NAME ?? null,
        logoUrl: env.SIGNUP_LOGO_URL ?? null,
        color: env.SIGNUP_COLOR ?? null,
        privacyUrl: env.SIGNUP_PRIVACY_URL ?? null,
        termsUrl: env.SIGNUP_TERMS_URL ?? null,
        supportUrl: env.SIGNUP_SUPPORT_URL ?? null,
      },
      appId: env.META_APP_ID ?? null,
      configId: env.META_CONFIG_ID ?? null,
      portfolioId: env.PORTFOLIO_ID ?? null,
      graphUrl: env.GRAPH_API_URL,
      graphVersion: env.GRAPH_API_VERSION,
    }),
  ),
  // Each opens a route of the gateway, which is closed without it.
  webhooks: section(
    {
      TWILIO_AUTH_TOKEN: twilioTokens,
      OTP_WEBHOOK_SECRET: webhookSecrets,
      TELNYX_PUBLIC_KEY: publicKeys,
      VONAGE_SIGNATURE_SECRET: anySecrets,
      PLIVO_AUTH_TOKEN: anySecrets,
      ELKS_WEBHOOK_LOGIN: logins,
      BANDWIDTH_WEBHOOK_LOGIN: logins,
      META_APP_SECRET: v.optional(v.string()),
      META_VERIFY_TOKEN: v.optional(v.string()),
    },
    (env) => ({
      twilioTokens: env.TWILIO_AUTH_TOKEN,
      otpSecrets: env.OTP_WEBHOOK_SECRET,
      telnyxKeys: env.TELNYX_PUBLIC_KEY,
      vonageSecrets: env.VONAGE_SIGNATURE_SECRET,
      plivoTokens: env.PLIVO_AUTH_TOKEN,
      elksLogins: env.ELKS_WEBHOOK_LOGIN,
      bandwidthLogins: env.BANDWIDTH_WEBHOOK_LOGIN,
      appSecret: env.META_APP_SECRET ?? null,
      verifyToken: env.META_VERIFY_TOKEN ?? null,
    }),
  ),
  gateway: section(
    {
      GATEWAY_HOST: v.optional(v.string(), '127.0.0.1'),
      GATEWAY_PORT: port(8080),
      GATEWAY_URL: v.optional(baseUrl('https://numbers.example.com')),
      GATEWAY_API_KEYS: apiKeys,
      GATEWAY_REQUESTS_PER_SECOND: rate(200, 'requests a second'),
      GATEWAY_TRUSTED_PROXIES: addressRanges,
      GATEWAY_GRAPH_CALLS_PER_SECOND: rate(50, 'calls a second'),
    },
    (env) => ({
      host: env.GATEWAY_HOST,
      port: env.GATEWAY_PORT,
      publicUrl: env.GATEWAY_URL ?? null,
      apiKeys: env.GATEWAY_API_KEYS,
      requestsPerSecond: env.GATEWAY_REQUESTS_PER_SECOND,
      trustedProxies: env.GATEWAY_TRUSTED_PROXIES,
      graphCallsPerSecond: env.GATEWAY_GRAPH_CALLS_PER_SECOND,
    }),
  ),
  simulator: section({ SIMULATOR_PORT: port(4010) }, (env) => ({ port: env.SIMULATOR_PORT })),
};

/** The names of all variables but Temporal's own. */
export const variables = [...new Set(Object.values(sections).flatMap((one) => one.variables))];
