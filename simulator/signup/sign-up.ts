import type { App } from '../meta/app';
import { shareWaba } from '../meta/customers';
import type { Waba } from '../meta/waba';
import type { Simulation } from '../simulation';
import { accountUpdate } from '../webhooks/account-updates';

/** The customer shares the WABA with the partner's portfolio, and Meta tells the partner's app. */
export async function signUp(
  { meta, deliveries }: Simulation,
  waba: Waba,
  portfolioId: string,
  app: App | null,
): Promise<void> {
  shareWaba(meta, waba, portfolioId);
  if (!meta.assumptions.partnerAddedDelivered) return;
  await deliveries.post(app ?? meta.apps.first, accountUpdate(meta, waba, portfolioId, 'PARTNER_ADDED'));
}
