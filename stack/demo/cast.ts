import type { NumberPool } from '../../client';
import { SimulatorClient } from '../../simulator/client';
import { metaBatch, metaWebhook, partnerAdded, send } from '../senders';
import type { Stack } from '../stack';
import type { Clock } from './clock';
import { Narrator } from './narrator';
import { Partner } from './partner';
import type { Shop } from './shop';

/** Everybody who takes part in the demo. */
export interface Cast {
  pool: NumberPool;
  sim: SimulatorClient;
  partner: Partner;
  shop: Shop;
  clock: Clock;
  narrator: Narrator;
  /** How each customer signed up, by WABA. */
  signups: Map<string, string>;
  /** Meta's webhook reports that a customer came aboard with a WABA. */
  metaReportsPartner(wabaId: string): Promise<void>;
  /** The same, that a customer has ended it. */
  metaReportsDeparture(wabaId: string): Promise<void>;
}

export function castOf(
  { simulatorUrl, gatewayUrl, env }: Stack,
  { pool, shop, clock }: Pick<Cast, 'pool' | 'shop' | 'clock'>,
): Cast {
  const narrator = new Narrator(clock);
  shop.onEvent = (event) => {
    narrator.webhook(event);
  };
  return {
    pool,
    shop,
    clock,
    narrator,
    signups: new Map(),
    sim: new SimulatorClient(simulatorUrl),
    partner: new Partner(gatewayUrl, String(env['GATEWAY_API_KEYS'])),
    async metaReportsPartner(wabaId) {
      const change = partnerAdded(String(env['PORTFOLIO_ID']), wabaId, Math.floor(Date.now() / 1000));
      await send(gatewayUrl, metaWebhook(metaBatch(change), String(env['META_APP_SECRET'])));
    },
    async metaReportsDeparture(wabaId) {
      const value = { event: 'PARTNER_REMOVED', waba_info: { waba_id: wabaId } };
      const entry = { id: String(env['PORTFOLIO_ID']), time: Math.floor(Date.now() / 1000) };
      const body = {
        object: 'whatsapp_business_account',
        entry: [{ ...entry, changes: [{ field: 'account_update', value }] }],
      };
      await send(gatewayUrl, metaWebhook(body, String(env['META_APP_SECRET'])));
    },
  };
}
