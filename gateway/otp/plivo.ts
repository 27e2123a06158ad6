import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { sameSecret } from '../../temporal/same-secret';
import { read } from '../body';
import { isSignable, type Carrier, type CarrierRequest } from './carrier';

const Sms = v.object({
  From: v.optional(v.string()),
  To: v.string(),
  Text: v.string(),
  MessageUUID: v.string(),
});
/** What `<GetInput inputType="speech">` heard. */
const Speech = v.object({
  From: v.optional(v.string()),
  To: v.string(),
  Speech: v.string(),
  CallUUID: v.optional(v.string(), ''),
});

/** HMAC-SHA256 in base64. */
const signatureForm = /^[A-Za-z0-9+/]{43}=$/;

type Fields = Readonly<Record<string, string | string[]>>;

/**
 * Plivo signs with the auth token: version 3 the address, all fields and a nonce; version 2, with which its messages come,
 * the address and the nonce alone. https://www.plivo.com/docs/messaging/concepts/signature-validation
 */
export const plivo: Carrier = {
  name: 'Plivo',
  path: '/otp/plivo',
  demands:
    'X-Plivo-Signature-V3 or X-Plivo-Signature-V2 is missing, or is not of this address, fields and nonce.',

  isProvedBy(authToken, request) {
    const { headers } = request;
    for (const [version, signed] of [
      ['v3', signedByV3],
      ['v2', signedByV2],
    ] as const) {
      // Of the main account, where the number belongs to a subaccount.
      const given = [headers[`x-plivo-signature-${version}`], headers[`x-plivo-signature-ma-${version}`]];
      if (given.every((signature) => signature === undefined)) continue;
      // During a rotation there are several, with commas between them.
      const signatures = given
        .flatMap((signature) => String(signature ?? '').split(','))
        .map((signature) => signature.trim())
        .filter((signature) => signatureForm.test(signature));
      const nonce = headers[`x-plivo-signature-${version}-nonce`];
      if (signatures.length === 0 || typeof nonce !== 'string') return false;
      if (!Object.values(fieldsOf(request)).flat().every(isSignable)) return false;
      const expected = createHmac('sha256', authToken).update(signed(request, nonce)).digest('base64');
      return signatures.some((signature) => sameSecret(signature, expected));
    }
    return false;
  },

  read(request) {
    const fields = fieldsOf(request);
    if ('Text' in fields) {
      const { From, To, Text, MessageUUID } = read(fields, Sms);
      return [{ to: To, from: From ?? null, text: Text, method: 'SMS', id: idOf(request, MessageUUID) }];
    }
    if ('Speech' in fields) {
      const { From, To, Speech: text, CallUUID } = read(fields, Speech);
      return [{ to: To, from: From ?? null, text, method: 'VOICE', id: idOf(request, CallUUID) }];
    }
    return [];
  },
};

const fieldsOf = ({ method, query, content }: CarrierRequest): Fields =>
  method === 'GET' ? query : (content as Fields);

/** Version 2 signs no fields: one nonce is good for one message, whatever is written into a copy of it. */
const idOf = ({ headers }: CarrierRequest, id: string) =>
  headers['x-plivo-signature-v3'] === undefined && headers['x-plivo-signature-ma-v3'] === undefined
    ? `nonce ${String(headers['x-plivo-signature-v2-nonce'])}`
    : id;

export const signedByV2 = ({ url }: Pick<CarrierRequest, 'url'>, nonce: string) =>
  url.replace(/\?.*$/s, '') + nonce;

export function signedByV3(request: CarrierRequest, nonce: string): string {
  const { method, url, query, content } = request;
  const address = url.replace(/\?.*$/s, '');
  const asked = written(query, '=').join('&');
  const form = method === 'GET' ? '' : written(content as Fields, '').join('');
  const question = asked !== '' || form !== '' ? `?${asked}` : '';
  const dot = asked !== '' && form !== '' ? '.' : '';
  return `${address}${question}${dot}${form}.${nonce}`;
}

/** Names in their order, and the values of each in theirs. */
const written = (fields: Fields, between: string) =>
  Object.keys(fields)
    .sort()
    .flatMap((name) =>
      [fields[name] ?? []]
        .flat()
        .sort()
        .map((value) => name + between + value),
    );
