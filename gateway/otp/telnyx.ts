import { createPublicKey, verify } from 'node:crypto';
import * as v from 'valibot';
import { read } from '../body';
import { isOfNow, type Carrier } from './carrier';

/** What stands before the 32 bytes of an Ed25519 key in its DER form (RFC 8410). */
const derPrefix = Buffer.from('302a300506032b6570032100', 'hex');

const Event = v.object({ data: v.object({ event_type: v.string(), payload: v.unknown() }) });
const Message = v.object({
  id: v.string(),
  from: v.optional(v.object({ phone_number: v.optional(v.string()) })),
  to: v.array(v.object({ phone_number: v.string() })),
  text: v.optional(v.string(), ''),
});
/** TeXML, Telnyx's TwiML, sends forms with Twilio's fields. */
const Call = v.object({
  To: v.string(),
  From: v.optional(v.string()),
  CallSid: v.optional(v.string(), ''),
  SpeechResult: v.optional(v.string()),
  TranscriptionText: v.optional(v.string()),
});

/**
 * Telnyx signs `timestamp|body` with Ed25519, in base64; the secret is the account's public key, in base64 too.
 * https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
 */
export const telnyx: Carrier = {
  name: 'Telnyx',
  path: '/otp/telnyx',
  demands: 'Telnyx-Signature-Ed25519 and Telnyx-Timestamp are missing, too old, or not of this body.',

  isProvedBy(publicKey, { headers, body }) {
    const timestamp = String(headers['telnyx-timestamp']);
    if (!/^\d{1,12}$/.test(timestamp) || !isOfNow(Number(timestamp))) return false;
    const base64 = String(headers['telnyx-signature-ed25519']);
    if (!/^[A-Za-z0-9+/]{86}==$/.test(base64)) return false;
    const signature = Buffer.from(base64, 'base64');
    const key = Buffer.concat([derPrefix, Buffer.from(publicKey, 'base64')]);
    const signed = Buffer.concat([Buffer.from(`${timestamp}|`), body]);
    return verify(null, signed, createPublicKey({ key, format: 'der', type: 'spki' }), signature);
  },

  read({ headers, content }) {
    if (String(headers['content-type']).includes('form')) {
      const { To, From, CallSid, SpeechResult, TranscriptionText } = read(content, Call);
      const text = TranscriptionText ?? SpeechResult;
      return text === undefined ? [] : [{ to: To, from: From ?? null, text, method: 'VOICE', id: CallSid }];
    }
    const { event_type, payload } = read(content, Event).data;
    if (event_type !== 'message.received') return [];
    const { id, from, to, text } = read(payload, Message);
    return to.map(({ phone_number }) => ({
      to: phone_number,
      from: from?.phone_number ?? null,
      text,
      method: 'SMS',
      id,
    }));
  },
};
