import { createHmac } from 'node:crypto';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';

/** A request to the gateway as its sender signed it; what it is sent to begins with the gateway's own address. */
export interface SignedRequest {
  method: 'GET' | 'POST';
  /** `/otp/sms` */
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What Twilio signs by, and the address of the gateway as Twilio calls it. */
export interface TwilioAccount {
  authToken: string;
  gatewayUrl: string;
}

/** A form as Twilio posts it. */
export const twilioForm = (
  url: string,
  form: Record<string, string>,
  { authToken, gatewayUrl }: TwilioAccount,
): SignedRequest => ({
  method: 'POST',
  url,
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': getExpectedTwilioSignature(authToken, gatewayUrl + url, form),
  },
  body: new URLSearchParams(form).toString(),
});

/** An SMS to a number, as Twilio hands it on. @param to with its `+` */
export const twilioSms = (to: string, text: string, sid: string, account: TwilioAccount) =>
  twilioForm(
    '/otp/sms',
    { To: to, From: '+15005550006', Body: text, MessageSid: sid, NumMedia: '0' },
    account,
  );

/** A call to a number, written down by Twilio. */
export const twilioCall = (to: string, text: string, sid: string, account: TwilioAccount) =>
  twilioForm('/otp/voice', { To: to, TranscriptionText: text, CallSid: sid }, account);

/** A webhook of Meta's. @param body JSON, or what is sent in its place */
export function metaWebhook(body: unknown, appSecret: string): SignedRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    method: 'POST',
    url: '/webhooks/meta',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(text).digest('hex')}`,
    },
    body: text,
  };
}

/** What a webhook of Meta's holds: changes of several portfolios. */
export const metaBatch = (...entry: unknown[]) => ({ object: 'whatsapp_business_account', entry });

/** Meta's word that a customer came aboard with a WABA; of a number it says nothing. @param time in seconds */
export const partnerAdded = (portfolioId: string, wabaId: string, time: number) => ({
  id: portfolioId,
  time,
  changes: [
    {
      field: 'account_update',
      value: {
        event: 'PARTNER_ADDED',
        waba_info: { waba_id: wabaId, owner_business_id: '2329417887457253' },
      },
    },
  ],
});

/** @throws where the gateway does not take it */
export async function send(
  gatewayUrl: string,
  { method, url, headers, body }: SignedRequest,
  signal: AbortSignal | null = null,
): Promise<void> {
  const answer = await fetch(gatewayUrl + url, { method, headers, body, signal });
  if (!answer.ok)
    throw new Error(`the gateway answered ${url} with ${String(answer.status)}: ${await answer.text()}`);
}
