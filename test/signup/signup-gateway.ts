import { createLogger, type Logger } from '../../settings/logger';
import { needs, readSettings } from '../../settings';
import { startGateway, type Gateway } from '../../gateway';
import { openRecords } from '../../records';
import { findClaims } from '../../client/reconcile/find-claims';
import type { Laptop } from '../client/laptop';
import { secrets } from '../gateway/sender';

export const apiKey = 'a-key-of-a-partner-s-server';

export const appSecret = 'a-secret-of-the-app';

/** The gateway with its signup page, on a free port. */
export async function signupGateway(
  { env, connected }: Laptop,
  logger?: Logger,
  more: Record<string, string> = {},
): Promise<Gateway> {
  const settings = readSettings(needs.gateway, {
    ...env,
    META_APP_SECRET: appSecret,
    META_APP_ID: '1083460255',
    META_CONFIG_ID: '99',
    GATEWAY_API_KEYS: `another-key,${apiKey}`,
    GATEWAY_PORT: '0',
    OTP_WEBHOOK_SECRET: secrets.otp,
    LOG_LEVEL: 'silent',
    ...more,
  });
  const { client } = connected;
  const records = await openRecords(settings);
  const dependencies = {
    client,
    records,
    logger: logger ?? createLogger(settings),
    findClaims: (wabaId: Parameters<typeof findClaims>[1], id: string) => findClaims(client, wabaId, id),
  };
  const gateway = await startGateway(settings, dependencies);
  return { ...gateway, close: () => gateway.close().then(() => records.close()) };
}

/** As a partner's server asks for it: the token of a session in which the customer has a number. */
export async function signupToken(
  { url }: Gateway,
  customer: string,
  more: Record<string, string> = {},
): Promise<string> {
  const query = new URLSearchParams({ customer, ...more });
  const answer = await fetch(`${url}/signup/config?${query.toString()}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  expect(answer.status).toBe(200);
  const { token } = (await answer.json()) as { token: string };
  return token;
}
