import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { FastifyPluginAsync } from 'fastify';
import { NumberPool } from '../../client';
import type { Settings } from '../../settings';
import type { FindClaims } from '../meta/webhooks';
import { signupRoutes } from '.';

/** The signup page, or the settings without which it stays closed. */
export type OpenSignup = { plugin: FastifyPluginAsync; missing: [] } | { plugin: null; missing: string[] };

export function openSignup(
  settings: Settings<'payloads' | 'webhooks' | 'gateway' | 'signupPage'>,
  { client, findClaims }: { client: Client; findClaims: FindClaims },
): OpenSignup {
  const { appId, configId, portfolioId, ...graph } = settings.signupPage;
  const { apiKeys } = settings.gateway;
  const [first, ...others] = secretsOf(settings);
  if (appId === null || configId === null || apiKeys.length === 0 || first === undefined) {
    const missing = [
      appId === null && 'META_APP_ID',
      configId === null && 'META_CONFIG_ID',
      apiKeys.length === 0 && 'GATEWAY_API_KEYS',
      first === undefined && 'PAYLOAD_KEYS or META_APP_SECRET',
    ];
    return { plugin: null, missing: missing.filter((name) => name !== false) };
  }
  const pool = new NumberPool(client, {
    by: 'signup page',
    answerWithin: 15_000,
    ...(portfolioId !== null && { portfolioId }),
  });
  const all = { ...graph, appId, configId, apiKeys, secrets: [first, ...others] } as const;
  return { plugin: signupRoutes({ client, pool, findClaims, settings: all }), missing: [] };
}

/** What sessions' tokens are made with: what encrypts payloads, else the app's secret. */
function secretsOf({ payloads, webhooks }: Settings<'payloads' | 'webhooks'>): KeyObject[] {
  if (payloads.keys.length > 0) return payloads.keys.map(({ key }) => key);
  return webhooks.appSecret === null ? [] : [createSecretKey(webhooks.appSecret, 'utf8')];
}
