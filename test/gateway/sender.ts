import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import {
  metaBatch,
  metaWebhook,
  partnerAdded as partnerAddedTo,
  twilioForm,
  twilioSms,
  type SignedRequest,
} from '../../stack/senders';

export type { SignedRequest as Letter };

export const secrets = {
  twilio: randomBytes(16).toString('hex'),
  otp: `whsec_${randomBytes(32).toString('base64')}`,
  app: randomBytes(16).toString('hex'),
  verifyToken: randomBytes(16).toString('hex'),
  apiKey: randomBytes(16).toString('hex'),
};

export const publicUrl = 'https://numbers.example.com/preverified';

/** A form of Twilio's, signed with the gateway's token or another. */
export const twilio = (url: string, fields: Record<string, string>, authToken = secrets.twilio) =>
  twilioForm(url, fields, { authToken, gatewayUrl: publicUrl });

export const sms = (to: string, text: string, sid = `SM${randomBytes(16).toString('hex')}`) =>
  twilioSms(to, text, sid, { authToken: secrets.twilio, gatewayUrl: publicUrl });

export const transcript = (
  to: string,
  field: string,
  text: string,
  sid = `CA${randomBytes(16).toString('hex')}`,
) => twilio('/otp/voice', { To: to, [field]: text, CallSid: sid });

interface Signing {
  id?: string;
  /** Seconds. */
  at?: number;
  key?: string;
}

/** As Standard Webhooks signs: HMAC-SHA256 of ID, time and body with full stops between them. */
export function otp(
  body: unknown,
  { id = `msg_${randomUUID()}`, at = Math.floor(Date.now() / 1000), key = secrets.otp }: Signing = {},
): SignedRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const secret = Buffer.from(key.slice('whsec_'.length), 'base64');
  return {
    method: 'POST',
    url: '/otp',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${createHmac('sha256', secret).update(`${id}.${at}.${text}`).digest('base64')}`,
    },
    body: text,
  };
}

/** A webhook of Meta's, signed with the app's secret or another. */
export const meta = (body: unknown, appSecret = secrets.app) => metaWebhook(body, appSecret);

export const partnerAdded = (wabaId: string, time = 1739321024) =>
  partnerAddedTo('506914307656634', wabaId, time);

export const batch = metaBatch;
