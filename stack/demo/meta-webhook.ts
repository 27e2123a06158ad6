import { createHmac } from 'node:crypto';

/** What Meta must know to call the gateway. */
export interface MetaWebhook {
  url: string;
  appSecret: string;
  portfolioId: string;
}

/** Meta's webhook says that a customer came aboard with a WABA; of a number it says nothing. */
export async function tellPartnerAdded(
  { url, appSecret, portfolioId }: MetaWebhook,
  wabaId: string,
): Promise<void> {
  const value = { event: 'PARTNER_ADDED', waba_info: { waba_id: wabaId } };
  const changes = [{ field: 'account_update', value }];
  const entry = { id: portfolioId, time: Math.floor(Date.now() / 1000), changes };
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [entry] });
  const signature = createHmac('sha256', appSecret).update(body).digest('hex');
  const headers = { 'x-hub-signature-256': `sha256=${signature}` };
  const { ok, status } = await fetch(url, { method: 'POST', headers, body });
  if (!ok) throw new Error(`The gateway answered Meta's webhook with ${String(status)}`);
}
