import {
  createHash,
  createHmac,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto';
import { sign as signToken } from 'jsonwebtoken';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import {
  metaBatch,
  metaWebhook,
  partnerAdded as partnerAddedTo,
  twilioForm,
  twilioSms,
  type SignedRequest,
} from '../../stack/senders';

export type { SignedRequest as Letter };

const telnyxKeys = generateKeyPairSync('ed25519');
const publicKeyOf = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).subarray(-32);

export const secrets = {
  telnyxPublic: publicKeyOf(telnyxKeys.publicKey).toString('base64'),
  vonage: randomBytes(16).toString('hex'),
  plivo: randomBytes(16).toString('hex'),
  elks: `elks:${randomBytes(16).toString('hex')}`,
  bandwidth: `bandwidth:${randomBytes(16).toString('hex')}`,
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

const now = () => Math.floor(Date.now() / 1000);
const newId = () => randomBytes(16).toString('hex');
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const formType = { 'content-type': 'application/x-www-form-urlencoded' };
const jsonType = { 'content-type': 'application/json' };

/** What Twilio asks by GET: it signs the address with its query. */
export function twilioGet(url: string, fields: Record<string, string>): SignedRequest {
  const address = `${url}?${form(fields)}`;
  const signature = getExpectedTwilioSignature(secrets.twilio, publicUrl + address, {});
  return { method: 'GET', url: address, headers: { 'x-twilio-signature': signature }, body: '' };
}

/** What differs in a request of a carrier: when it was signed, and with which key. */
interface CarrierSigning {
  id?: string;
  /** Seconds. */
  at?: number;
  key?: string;
}

export function telnyx(
  to: string,
  text: string,
  { id = newId(), at = now() }: CarrierSigning = {},
  privateKey = telnyxKeys.privateKey,
): SignedRequest {
  return telnyxBody(
    JSON.stringify({
      data: {
        record_type: 'event',
        event_type: 'message.received',
        payload: {
          id,
          type: 'SMS',
          from: { phone_number: '+15005550006' },
          to: [{ phone_number: to }],
          text,
        },
      },
    }),
    { at },
    privateKey,
  );
}

export function telnyxBody(
  body: string,
  { at = now() }: CarrierSigning = {},
  privateKey = telnyxKeys.privateKey,
  headers: Record<string, string> = jsonType,
): SignedRequest {
  const signature = sign(null, Buffer.from(`${String(at)}|${body}`), privateKey).toString('base64');
  return {
    method: 'POST',
    url: '/otp/telnyx',
    headers: { ...headers, 'telnyx-timestamp': String(at), 'telnyx-signature-ed25519': signature },
    body,
  };
}

export const otherTelnyxKey = () => generateKeyPairSync('ed25519').privateKey;

/** The SMS API: signed by a field. */
export function vonageSms(
  method: 'GET' | 'POST',
  to: string,
  text: string,
  { id = newId(), ...signing }: CarrierSigning = {},
): SignedRequest {
  return vonageFields(method, { msisdn: '15005550006', to, messageId: id, text, type: 'text' }, signing);
}

/** What became of an SMS that was sent with the SMS API. */
export const vonageReceipt = (to: string) =>
  vonageFields('GET', { msisdn: to, to: '15005550006', messageId: newId(), status: 'delivered', price: '0' });

function vonageFields(
  method: 'GET' | 'POST',
  what: Record<string, string>,
  { at = now(), key = secrets.vonage }: CarrierSigning = {},
): SignedRequest {
  const fields: Record<string, string> = { ...what, timestamp: String(at), nonce: newId() };
  const signed = Object.keys(fields)
    .sort()
    .map((name) => `&${name}=${String(fields[name]).replace(/[&=]/g, '_')}`)
    .join('');
  const sig = createHmac('sha256', key).update(signed).digest('hex');
  const written = form({ ...fields, sig });
  return method === 'GET'
    ? { method, url: `/otp/vonage?${written}`, headers: {}, body: '' }
    : { method, url: '/otp/vonage', headers: formType, body: written };
}

/** The Messages and Voice APIs: signed by a token that holds the hash of the body. */
export function vonageJson(
  content: unknown,
  { at = now(), key = secrets.vonage }: CarrierSigning = {},
): SignedRequest {
  const body = JSON.stringify(content);
  const token = signToken(
    { iat: at, jti: newId(), iss: 'Vonage', payload_hash: createHash('sha256').update(body).digest('hex') },
    key,
  );
  return {
    method: 'POST',
    url: '/otp/vonage',
    headers: { ...jsonType, authorization: `Bearer ${token}` },
    body,
  };
}

export const vonageMessage = (to: string, text: string, { id = newId(), ...signing }: CarrierSigning = {}) =>
  vonageJson(
    { message_uuid: id, channel: 'sms', message_type: 'text', from: '15005550006', to, text },
    signing,
  );

export const vonageSpeech = (to: string, text: string, { id = newId(), ...signing }: CarrierSigning = {}) =>
  vonageJson(
    { uuid: id, from: '15005550006', to, speech: { results: [{ text, confidence: '0.9' }] } },
    signing,
  );

/** @param version of the signature: the third is of the fields, too */
export function plivo(
  version: 'V2' | 'V3',
  fields: Record<string, string>,
  { id = newId(), key = secrets.plivo }: CarrierSigning = {},
): SignedRequest {
  const url = '/otp/plivo';
  const written = Object.keys(fields)
    .sort()
    .map((name) => name + String(fields[name]))
    .join('');
  const signed = version === 'V2' ? publicUrl + url + id : `${publicUrl}${url}?${written}.${id}`;
  return {
    method: 'POST',
    url,
    headers: {
      ...formType,
      [`x-plivo-signature-${version.toLowerCase()}`]: createHmac('sha256', key)
        .update(signed)
        .digest('base64'),
      [`x-plivo-signature-${version.toLowerCase()}-nonce`]: id,
    },
    body: form(fields),
  };
}

export const plivoSms = (version: 'V2' | 'V3', to: string, text: string, signing: CarrierSigning = {}) =>
  plivo(version, { From: '15005550006', To: to, Text: text, Type: 'sms', MessageUUID: newId() }, signing);

const basic = (login: string) => ({ authorization: `Basic ${Buffer.from(login).toString('base64')}` });

export const elks = (
  to: string,
  text: string,
  { id = newId(), key = secrets.elks }: CarrierSigning = {},
): SignedRequest => ({
  method: 'POST',
  url: '/otp/46elks',
  headers: { ...formType, ...basic(key) },
  body: form({ id, direction: 'incoming', from: '+15005550006', to, message: text }),
});

export const bandwidthEvents = (events: unknown, key = secrets.bandwidth): SignedRequest => ({
  method: 'POST',
  url: '/otp/bandwidth',
  headers: { 'content-type': 'application/json; charset=utf-8', ...basic(key) },
  body: JSON.stringify(events),
});

export const bandwidthEvent = (to: string, text: string, id = newId()) => ({
  type: 'message-received',
  time: new Date().toISOString(),
  to,
  message: { id, owner: to, to: [to], from: '+15005550006', text, direction: 'in', segmentCount: 1 },
});

export const bandwidth = (to: string, text: string, { id = newId(), key }: CarrierSigning = {}) =>
  bandwidthEvents([bandwidthEvent(to, text, id)], key);
