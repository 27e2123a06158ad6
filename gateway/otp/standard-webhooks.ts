import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { readCode } from '../../contract/code';
import { CodeMethod, longestText } from '../../contract/messages';
import { answer } from '../answers';
import { keepRawBodies, rawBody, readJson } from '../body';
import { HttpError } from '../http-error';
import { requestId } from '../idempotency';
import { requireSignature, signedRoute } from '../limits';
import type { ReceiveCode } from './receive-code';

const Body = v.object({
  to: v.string(),
  text: v.string(),
  method: v.optional(CodeMethod),
  from: v.optional(v.string()),
  undelivered: v.optional(v.string()),
});

/**
 * `/otp`: what a number received, `{to, text, method?, from?, undelivered?}`, from any service that signs as Standard Webhooks
 * specifies, with any of the secrets.
 */
export function standardWebhooks(secrets: readonly string[], receive: ReceiveCode) {
  const webhooks = secrets.map((secret) => ({ secret, webhook: new Webhook(secret) }));

  return (server: FastifyInstance): void => {
    keepRawBodies(server);
    const secretOf = requireSignature(server, ({ headers, body }) => {
      const signing = webhooks.find(({ webhook }) => isSigned(webhook, headers, rawBody(body)));
      if (signing) return signing.secret;
      throw new HttpError(
        401,
        'webhook-id, webhook-timestamp and webhook-signature are missing, too old, or not of this body.',
      );
    });

    server.post('/otp', signedRoute, async (request, reply) => {
      const { headers, body } = request;
      const messageId = messageIdOf(headers);
      const { to, text, method, from, undelivered } = readJson(rawBody(body), Body);
      // Whoever writes to this address by hand is told what was wrong; a long text with a code in it is shortened.
      if (text.length > longestText && readCode(text) === null) {
        throw new HttpError(
          400,
          `The message was not understood: text must be at most ${longestText} characters where it holds no code.`,
        );
      }
      const result = await receive({
        to,
        text,
        from: from ?? null,
        method,
        ...(undelivered === undefined ? {} : { undelivered }),
        by: `gateway: ${{ SMS: 'SMS', VOICE: 'call', none: 'message' }[method ?? 'none']} ${messageId}`,
        requestId: requestId(secretOf(request), 'otp', messageId, to, text),
      });
      return answer(reply, result);
    });
  };
}

const messageIdOf = (headers: IncomingHttpHeaders) => String(headers['webhook-id']);

function isSigned(webhook: Webhook, headers: IncomingHttpHeaders, raw: Buffer): boolean {
  // The signed text is "id.timestamp.body": with a full stop in the ID it could be split elsewhere.
  if (!/^[^.\s]{1,128}$/.test(messageIdOf(headers))) return false;
  try {
    webhook.verify(raw, headers as Record<string, string>, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
