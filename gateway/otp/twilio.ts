import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import * as v from 'valibot';
import { read } from '../read-json';
import { Refused } from '../http-error';
import { requestId } from '../request-id';
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
 * SMS and calls as Twilio hands them on: forms, signed over the address that it calls and every field.
 *
 * @param base where Twilio finds the gateway; what is behind it comes from the request
 */
export function twilioIntake(authToken: string, base: () => string, receive: ReceiveCode) {
  return async (server: FastifyInstance): Promise<void> => {
    server.removeAllContentTypeParsers();
    await server.register(formbody);

    server.addHook('preHandler', ({ headers, body, url }, _reply, next) => {
      const signature = headers['x-twilio-signature'];
      const form = (body ?? {}) as Record<string, unknown>;
      if (!validateRequest(authToken, String(signature ?? ''), base() + url, form)) {
        throw new Refused(
          401,
          'X-Twilio-Signature is missing, or is not the signature of this address and form.',
        );
      }
      next();
    });

    server.post('/otp/sms', async ({ body }, reply) => {
      const { To, Body, MessageSid } = read(body ?? {}, Sms);
      const id = requestId(authToken, 'sms', MessageSid, To, Body);
      return answer(reply, await receive({ to: To, text: Body, by: by('SMS', MessageSid), requestId: id }));
    });

    server.post('/otp/voice', async ({ body }, reply) => {
      const { To, TranscriptionText, SpeechResult = '', TranscriptionSid, CallSid } = read(body ?? {}, Voice);
      const text = TranscriptionText ?? SpeechResult;
      // One call may bring several results.
      const id = requestId(authToken, 'voice', TranscriptionSid, CallSid, To, text);
      return answer(
        reply,
        await receive({ to: To, text, by: by('call', TranscriptionSid || CallSid), requestId: id }),
      );
    });
  };
}

const by = (what: string, id: string) => `gateway: ${what} from Twilio${id && ` ${id}`}`;

/** Twilio takes what is answered as instructions, in TwiML: there are none. */
function answer(reply: FastifyReply, outcome: 'held' | 'seen'): FastifyReply {
  return reply
    .code(outcome === 'held' ? 202 : 200)
    .type('text/xml')
    .send('<?xml version="1.0" encoding="UTF-8"?><Response/>');
}
