import type { NumberPool } from '../../client';
import { Meta } from '../meta';
import type { Stack } from '../stack';
import { Clock } from './clock';
import type { Listener } from './listener';
import type { MetaWebhook } from './meta-webhook';
import { Narrator } from './narrator';
import { Partner } from './partner';

/** The programs and people that take part in the demo. */
export interface Cast {
  pool: NumberPool;
  meta: Meta;
  metaWebhook: MetaWebhook;
  partner: Partner;
  listener: Listener;
  clock: Clock;
  narrator: Narrator;
}

export function castOf(
  { simulatorUrl, gatewayUrl, env }: Stack,
  { pool, listener, clock }: Pick<Cast, 'pool' | 'listener' | 'clock'>,
): Cast {
  const narrator = new Narrator(clock);
  listener.onEvent = (event) => {
    narrator.webhook(event);
  };
  return {
    pool,
    listener,
    clock,
    narrator,
    meta: new Meta(simulatorUrl),
    metaWebhook: {
      url: `${gatewayUrl}/webhooks/meta`,
      appSecret: String(env['META_APP_SECRET']),
      portfolioId: String(env['PORTFOLIO_ID']),
    },
    partner: new Partner(gatewayUrl, String(env['GATEWAY_API_KEYS'])),
  };
}
