import type { FastifyInstance } from 'fastify';
import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { CodeMethod } from '../../contract/messages';
import { outcomes } from '../replies';
import { keepRawBodies, rawBody } from '../raw-body';
import { readJson } from '../read-json';
import { Refused } from '../http-error';
import { requestId } from '../request-id';
import type { ReceiveCode } from './receive-code';

const Body = v.object({ to: v.string(), text: v.string(), method: v.optional(CodeMethod) });

/** What a number received, from any service that signs as Standard Webhooks says: `{to, text, method?}`. */
export function standardWebhooksIntake(secret: string, receive: ReceiveCode) {
  const webhook = new Webhook(secret);
  return (server: FastifyInstance, _options: object, done: () => void): void => {
    keepRawBodies(server);

    server.post('/otp', async ({ headers, body }, reply) => {
      const raw = rawBody(body);
      const messageId = String(headers['webhook-id']);
      verify(webhook, messageId, raw, headers as Record<string, string>);
      const { to, text, method } = readJson(raw, Body);
      const outcome = await receive({
        to,
        text,
        by: `gateway: ${{ SMS: 'SMS', VOICE: 'call', none: 'message' }[method ?? 'none']} ${messageId}`,
        requestId: requestId(secret, 'otp', messageId, to, text),
      });
      return reply.code(outcomes[outcome].statusCode).send({ message: outcomes[outcome].message });
    });
    done();
  };
}

function verify(webhook: Webhook, messageId: string, raw: Buffer, headers: Record<string, string>): void {
  try {
    // A full stop in the ID would let the signed text be cut at another place.
    if (!/^[^.\s]{1,128}$/.test(messageId)) throw new Error('webhook-id');
    webhook.verify(raw, headers, { jsonParse: false });
  } catch {
    throw new Refused(
      401,
      'webhook-id, webhook-timestamp and webhook-signature are missing, too old, or not of this body.',
    );
  }
}
