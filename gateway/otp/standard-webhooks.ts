import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { CodeMethod } from '../../contract/messages';
import { answer } from '../answers';
import { keepRawBodies, rawBody, readJson } from '../body';
import { HttpError } from '../http-error';
import { requestId } from '../idempotency';
import { requireSignature, signedRoute } from '../limits';
import type { ReceiveCode } from './receive-code';

const Body = v.object({ to: v.string(), text: v.string(), method: v.optional(CodeMethod) });

/** `/otp`: what a number received, `{to, text, method?}`, from any service that signs as Standard Webhooks specifies. */
export function standardWebhooks(secret: string, receive: ReceiveCode) {
  const webhook = new Webhook(secret);
  return (server: FastifyInstance): void => {
    keepRawBodies(server);
    requireSignature(server, ({ headers, body }) => {
      verify(webhook, messageIdOf(headers), rawBody(body), headers as Record<string, string>);
    });

    server.post('/otp', signedRoute, async ({ headers, body }, reply) => {
      const messageId = messageIdOf(headers);
      const { to, text, method } = readJson(rawBody(body), Body);
      const result = await receive({
        to,
        text,
        by: `gateway: ${{ SMS: 'SMS', VOICE: 'call', none: 'message' }[method ?? 'none']} ${messageId}`,
        requestId: requestId(secret, 'otp', messageId, to, text),
      });
      return answer(reply, result);
    });
  };
}

const messageIdOf = (headers: IncomingHttpHeaders) => String(headers['webhook-id']);

function verify(webhook: Webhook, messageId: string, raw: Buffer, headers: Record<string, string>): void {
  try {
    // The signed text is "id.timestamp.body": with a full stop in the ID it could be split elsewhere.
    if (!/^[^.\s]{1,128}$/.test(messageId)) throw new Error('webhook-id');
    webhook.verify(raw, headers, { jsonParse: false });
  } catch {
    throw new HttpError(
      401,
      'webhook-id, webhook-timestamp and webhook-signature are missing, too old, or not of this body.',
    );
  }
}
