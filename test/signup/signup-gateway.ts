import { createLogger, type Logger } from '../../settings/logger';
import { needs, readSettings } from '../../settings';
import { startGateway, type Gateway } from '../../gateway';
import { findClaims } from '../../client/reconcile/find-claims';
import type { Laptop } from '../client/laptop';
import { secrets } from '../gateway/sender';

export const apiKey = 'a-key-of-a-partner-s-server';

/** The gateway with its signup page, on a free port. */
export async function signupGateway({ env, connected }: Laptop, logger?: Logger): Promise<Gateway> {
  const settings = readSettings(needs.gateway, {
    ...env,
    META_APP_ID: '1083460255',
    META_CONFIG_ID: '99',
    GATEWAY_API_KEYS: `another-key,${apiKey}`,
    GATEWAY_PORT: '0',
    OTP_WEBHOOK_SECRET: secrets.otp,
    LOG_LEVEL: 'silent',
  });
  const { client } = connected;
  const dependencies = {
    client,
    logger: logger ?? createLogger(settings),
    findClaims: (wabaId: Parameters<typeof findClaims>[1], id: string) => findClaims(client, wabaId, id),
  };
  return startGateway(settings, dependencies);
}
