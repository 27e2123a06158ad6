import { parse } from 'node:querystring';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { validateRequest } from 'twilio/lib/webhooks/webhooks';
import * as v from 'valibot';
import { readCode } from '../../contract/code';
import { statusOf, type Result } from '../answers';
import { read } from '../body';
import { HttpError } from '../http-error';
import { requestId } from '../idempotency';
import { limitForm, requireSignature, signedRoute } from '../limits';
import type { Received, ReceiveCode } from './receive-code';
import { hangUp, listen, nothing, transcribe } from './twiml';
import { failureIn } from './twilio-failures';

/** HMAC-SHA1 in base64. */
const signatureForm = /^[A-Za-z0-9+/]{27}=$/;

/** An auth token, and the SID of the account that it is of, where it is of one alone. */
export interface TwilioToken {
  account: string | null;
  token: string;
}

const id = v.optional(v.pipe(v.string(), v.maxLength(64)), '');

/** Parameters of Twilio's webhook for an incoming message. */
const Sms = v.object({ To: v.string(), From: v.optional(v.string()), Body: v.string(), MessageSid: id });

/** Parameters of its callbacks for a transcription, and for `<Gather>` with speech. */
const Voice = v.pipe(
  v.object({
    To: v.string(),
    From: v.optional(v.string()),
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
 * `/otp/sms`, `/otp/voice` and `/otp/call`: forms that Twilio signs together with the address that it calls, or the address
 * alone, with the same fields in its query.
 *
 * @param base the gateway's address as Twilio knows it; the path comes from the request
 */
export function twilioWebhooks(tokens: readonly TwilioToken[], base: () => string, receive: ReceiveCode) {
  return (server: FastifyInstance): void => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, done) => {
        limitForm(String(body));
        done(null, { ...parse(String(body)) });
      },
    );

    const secretOf = requireSignature(server, ({ headers, body, url, query }) => {
      const form = (body ?? {}) as Record<string, unknown>;
      const account = form['AccountSid'] ?? (query as Record<string, unknown>)['AccountSid'];
      const signature = String(headers['x-twilio-signature'] ?? '');
      const signing = tokens.find(
        (one) =>
          signatureForm.test(signature) &&
          (one.account === null || one.account === account) &&
          validateRequest(one.token, signature, base() + url, form),
      );
      if (signing) return signing.token;
      throw new HttpError(
        401,
        'X-Twilio-Signature is missing, or is not the signature of this address and form.',
      );
    });

    /** @param names which message it is: its IDs, its words */
    const handOn = (request: FastifyRequest, names: unknown[], received: Omit<Received, 'requestId'>) =>
      receive({ ...received, requestId: requestId(secretOf(request), ...names) });
    /** A repeat of a failure is known by its own ID. */
    const handOnFailure = (request: FastifyRequest, what: string): Promise<Result> | null => {
      const failure = failureIn(fieldsOf(request));
      if (failure === null) return null;
      const { to, from, sid, undelivered } = failure;
      if (to === null) return Promise.resolve('ignored');
      const method = what === 'SMS' ? 'SMS' : 'VOICE';
      const received = { to, from, method, text: '', undelivered, by: by(what, sid) } as const;
      return handOn(request, ['failure', sid, to, undelivered], received);
    };
    const handOnWords = (request: FastifyRequest) => {
      const fields = read(fieldsOf(request), Voice);
      const { To, From = null, TranscriptionText, SpeechResult = '', TranscriptionSid, CallSid } = fields;
      const text = TranscriptionText ?? SpeechResult;
      // One call may bring several transcripts.
      return handOn(request, ['voice', TranscriptionSid, CallSid, To, text], {
        to: To,
        from: From,
        text,
        method: 'VOICE',
        by: by('call', TranscriptionSid || CallSid),
      });
    };

    const route = (
      url: string,
      handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
    ) =>
      [url, `${url}/`].forEach((path) =>
        server.route({ method: ['GET', 'POST'], url: path, ...signedRoute, handler }),
      );

    route('/otp/sms', async (request, reply) => {
      const failed = await handOnFailure(request, 'SMS');
      if (failed !== null) return answer(reply, failed);
      const { To, From = null, Body, MessageSid } = read(fieldsOf(request), Sms);
      const received = { to: To, from: From, text: Body, method: 'SMS', by: by('SMS', MessageSid) } as const;
      return answer(reply, await handOn(request, ['sms', MessageSid, To, Body], received));
    });

    route('/otp/voice', async (request, reply) =>
      answer(reply, (await handOnFailure(request, 'call')) ?? (await handOnWords(request))),
    );

    route('/otp/call', async (request, reply) => {
      const failed = await handOnFailure(request, 'call');
      if (failed !== null) return answer(reply, failed);
      const { SpeechResult, TranscriptionText, RecordingSid, CallStatus } = fieldsOf(request);
      if (TranscriptionText !== undefined) return answer(reply, await handOnWords(request));
      const here = base() + request.url;
      if (typeof SpeechResult === 'string') {
        // The caller says the code three times: what was not understood is heard once more.
        if (readCode(SpeechResult) === null) return answer(reply, 'ignored', transcribe(here));
        return answer(reply, await handOnWords(request), hangUp);
      }
      if (RecordingSid !== undefined) return answer(reply, 'ignored', hangUp);
      return answer(reply, 'ignored', CallStatus === 'completed' ? nothing : listen(here));
    });
  };
}

const by = (what: string, id: string) => `gateway: ${what} from Twilio${id && ` ${id}`}`;

const fieldsOf = ({ method, body, query }: FastifyRequest) =>
  (method === 'GET' ? query : (body ?? {})) as Readonly<Record<string, unknown>>;

/** Twilio runs the TwiML that it is answered with. */
function answer(reply: FastifyReply, result: Result, twiml = nothing): FastifyReply {
  return reply.code(statusOf[result]).type('text/xml').send(twiml);
}
