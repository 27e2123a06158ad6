import { createHash, createHmac } from 'node:crypto';
import { verify } from 'jsonwebtoken';
import * as v from 'valibot';
import { sameSecret } from '../../temporal/same-secret';
import { read } from '../body';
import { isOfNow, isSignable, type Carrier, type CarrierRequest } from './carrier';

/** An SMS of the SMS API, by GET, as a form or as JSON. Long ones come in parts, which the number puts together. */
const Sms = v.object({
  msisdn: v.optional(v.string()),
  to: v.string(),
  messageId: v.string(),
  text: v.string(),
});
/** An SMS of the Messages API. */
const Message = v.object({
  message_uuid: v.string(),
  from: v.optional(v.string()),
  to: v.string(),
  text: v.optional(v.string(), ''),
});
/** What an NCCO's `input` heard. */
const Call = v.object({
  uuid: v.optional(v.string(), ''),
  from: v.optional(v.string()),
  to: v.string(),
  speech: v.object({ results: v.optional(v.array(v.object({ text: v.string() })), []) }),
});

/**
 * Vonage signs in two ways, both with the account's signature secret: the SMS API by the field `sig`, which is of all
 * fields; the Messages and Voice APIs by a JSON Web Token, which holds the hash of the body.
 * https://developer.vonage.com/en/getting-started/concepts/signing-messages
 * https://developer.vonage.com/en/getting-started/concepts/webhooks#signed-webhooks
 */
export const vonage: Carrier = {
  name: 'Vonage',
  path: '/otp/vonage',
  demands: 'Neither sig nor a JSON Web Token in Authorization is of this request and of now.',
  // Anything else is sent again for a day.
  taken: 200,

  isProvedBy: (secret, request) =>
    'sig' in fieldsOf(request) ? isSignedBy(secret, fieldsOf(request)) : hasToken(secret, request),

  read(request) {
    const fields = fieldsOf(request);
    // Without a text it is the receipt of an SMS that was sent.
    if ('text' in fields && ('msisdn' in fields || 'messageId' in fields)) {
      const { msisdn, to, messageId, text } = read(fields, Sms);
      return [{ to, from: msisdn ?? null, text, method: 'SMS', id: messageId }];
    }
    if ('message_uuid' in fields && !('status' in fields)) {
      const { message_uuid, from, to, text } = read(fields, Message);
      return [{ to, from: from ?? null, text, method: 'SMS', id: message_uuid }];
    }
    if ('speech' in fields) {
      const { uuid, from, to, speech } = read(fields, Call);
      // The likeliest first; the others are the same words, heard otherwise.
      return [{ to, from: from ?? null, text: speech.results[0]?.text ?? '', method: 'VOICE', id: uuid }];
    }
    return [];
  },
};

const fieldsOf = ({ method, query, content }: CarrierRequest): Record<string, unknown> =>
  method === 'GET' ? query : typeof content === 'object' && content !== null ? { ...content } : {};

function isSignedBy(secret: string, { sig, ...fields }: Record<string, unknown>): boolean {
  if (typeof sig !== 'string' || !/^[\da-f]+$/i.test(sig) || !Object.values(fields).every(isSignable))
    return false;
  const algorithm = algorithms[sig.length];
  if (algorithm === undefined || !isOfNow(Number(fields['timestamp']))) return false;
  return signaturesOf(secret, fields, algorithm).some((one) => sameSecret(sig.toLowerCase(), one));
}

/** Which of them is used, the account says, and the length of what it writes tells. */
const algorithms: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 64: 'sha256', 128: 'sha512' };

/** Of all fields in the order of their names, their own `&` and `=` as `_`; with MD5 Vonage signs in two ways. */
function signaturesOf(secret: string, fields: Record<string, unknown>, algorithm: string): string[] {
  const signed = Object.keys(fields)
    .sort()
    .map((name) => `&${name}=${String(fields[name]).replace(/[&=]/g, '_')}`)
    .join('');
  const hmac = createHmac(algorithm, secret).update(signed).digest('hex');
  if (algorithm !== 'md5') return [hmac];
  const md5 = createHash('md5')
    .update(signed + secret)
    .digest('hex');
  return [md5, hmac];
}

function hasToken(secret: string, { method, headers, body }: CarrierRequest): boolean {
  // The token is of the body alone: what stands in an address, anybody could have written.
  const [, token] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined || method === 'GET') return false;
  try {
    const claims = verify(token, secret, { algorithms: ['HS256'] });
    if (typeof claims === 'string' || !isOfNow(claims.iat ?? 0)) return false;
    const { payload_hash: hash } = claims as { payload_hash?: unknown };
    return sameSecret(String(hash).toLowerCase(), createHash('sha256').update(body).digest('hex'));
  } catch {
    return false;
  }
}
