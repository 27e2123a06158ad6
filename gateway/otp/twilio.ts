import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import * as v from 'valibot';
import { statusOf } from '../answers';
import { read } from '../body';
import { HttpError } from '../http-error';
import { requestId } from '../idempotency';
import { requireSignature, signedRoute } from '../limits';
import type { ReceiveCode } from './receive-code';

const id = v.optional(v.pipe(v.string(), v.maxLength(64)), '');

/** Parameters of Twilio's webhook for an incoming message. */
const Sms = v.object({ To: v.string(), Body: v.string(), MessageSid: id });

/** Parameters of its callbacks for a transcription, and for `<Gather>` with speech. */
const Voice = v.pipe(
  v.object({
    To: v.string(),
    TranscriptionText: v.optional(v.string()),
    SpeechResult: v.optional(v.string()),
    TranscriptionSid: id,
    CallSid: id,
  }),
  v.check(
    ({ TranscriptionText, SpeechResult }) => (TranscriptionText ?? SpeechResult) !== undefined,
    'TranscriptionText or SpeechResult is missing',
  ),
);

/**
 * `/otp/sms` and `/otp/voice`: forms that Twilio signs together with the address that it calls.
 *
 * @param base the gateway's address as Twilio knows it; the path comes from the request
 */
export function twilioWebhooks(authToken: string, base: () => string, receive: ReceiveCode) {
  return async (server: FastifyInstance): Promise<void> => {
    server.removeAllContentTypeParsers();
    await server.register(formbody);

    requireSignature(server, ({ headers, body, url }) => {
      const signature = headers['x-twilio-signature'];
      const form = (body ?? {}) as Record<string, unknown>;
      if (!validateRequest(authToken, String(signature ?? ''), base() + url, form)) {
        throw new HttpError(
          401,
          'X-Twilio-Signature is missing, or is not the signature of this address and form.',
        );
      }
    });

    server.post('/otp/sms', signedRoute, async ({ body }, reply) => {
      const { To, Body, MessageSid } = read(body ?? {}, Sms);
      const id = requestId(authToken, 'sms', MessageSid, To, Body);
      return answer(reply, await receive({ to: To, text: Body, by: by('SMS', MessageSid), requestId: id }));
    });

    server.post('/otp/voice', signedRoute, async ({ body }, reply) => {
      const { To, TranscriptionText, SpeechResult = '', TranscriptionSid, CallSid } = read(body ?? {}, Voice);
      const text = TranscriptionText ?? SpeechResult;
      // One call may bring several transcripts.
      const id = requestId(authToken, 'voice', TranscriptionSid, CallSid, To, text);
      return answer(
        reply,
        await receive({ to: To, text, by: by('call', TranscriptionSid || CallSid), requestId: id }),
      );
    });
  };
}

const by = (what: string, id: string) => `gateway: ${what} from Twilio${id && ` ${id}`}`;

/** Twilio runs the TwiML that it is answered with: this holds no instructions. */
function answer(reply: FastifyReply, result: 'accepted' | 'duplicate'): FastifyReply {
  return reply
    .code(statusOf[result])
    .type('text/xml')
    .send('<?xml version="1.0" encoding="UTF-8"?><Response/>');
}
