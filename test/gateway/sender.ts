import { createHmac, randomBytes, randomUUID } from 'node:crypto';

/** A request as it travels. */
export interface Letter {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body: string;
}

export const secrets = {
  twilio: randomBytes(16).toString('hex'),
  otp: `whsec_${randomBytes(32).toString('base64')}`,
  app: randomBytes(16).toString('hex'),
  verifyToken: randomBytes(16).toString('hex'),
  apiKey: randomBytes(16).toString('hex'),
};

export const publicUrl = 'https://numbers.example.com/preverified';

const hmac = (algorithm: string, key: string | Buffer, text: string) =>
  createHmac(algorithm, key).update(text);

/** As Twilio signs: HMAC-SHA1 of the address and of every field in alphabetical order, name and value. */
export function twilio(url: string, fields: Record<string, string>, key = secrets.twilio): Letter {
  const sorted = Object.keys(fields).sort();
  const signed = publicUrl + url + sorted.map((name) => name + fields[name]!).join('');
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': hmac('sha1', key, signed).digest('base64'),
    },
    body: new URLSearchParams(fields).toString(),
  };
}

export const sms = (to: string, text: string, sid = `SM${randomBytes(16).toString('hex')}`) =>
  twilio('/otp/sms', { To: to, From: '+15005550006', Body: text, MessageSid: sid, NumMedia: '0' });

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
): Letter {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const secret = Buffer.from(key.slice('whsec_'.length), 'base64');
  return {
    method: 'POST',
    url: '/otp',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${hmac('sha256', secret, `${id}.${at}.${text}`).digest('base64')}`,
    },
    body: text,
  };
}

/** As Meta signs: HMAC-SHA256 of the body. */
export function meta(body: unknown, key = secrets.app): Letter {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    method: 'POST',
    url: '/webhooks/meta',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${hmac('sha256', key, text).digest('hex')}`,
    },
    body: text,
  };
}

/** An `account_update` as Meta's reference shows it; the entry is the portfolio. */
export const partnerAdded = (wabaId: string, time = 1739321024) => ({
  id: '506914307656634',
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

export const batch = (...entry: unknown[]) => ({ object: 'whatsapp_business_account', entry });
