import { parse } from 'node:querystring';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { statusOf } from '../answers';
import { keepRawBodies, parseJson, rawBody } from '../body';
import { HttpError } from '../http-error';
import { requestId } from '../idempotency';
import { limitFields, limitForm, requireSignature, signedRoute } from '../limits';
import type { Carrier, CarrierMessage, CarrierRequest } from './carrier';
import type { ReceiveCode } from './receive-code';

/**
 * A carrier's route. Its answers are empty, because some carriers send what they are answered back to the caller.
 *
 * @param secrets any of them proves a request @param base the gateway's address as the carrier knows it
 */
export function carrierWebhook(
  carrier: Carrier,
  secrets: readonly string[],
  base: () => string,
  receive: ReceiveCode,
) {
  const { name, path, demands, taken } = carrier;
  return (server: FastifyInstance): void => {
    keepRawBodies(server);
    const proofOf = requireSignature(server, (incoming) => {
      const { request, isReadable } = readRequest(incoming, base);
      const secret = secrets.find((one) => carrier.isProvedBy(one, request));
      if (secret === undefined) throw new HttpError(401, demands);
      return { request, isReadable, secret };
    });

    server.route({
      method: ['GET', 'POST'],
      url: path,
      ...signedRoute,
      async handler(incoming, reply) {
        const { request, isReadable, secret } = proofOf(incoming);
        if (!isReadable) throw new HttpError(400, 'The body is not JSON.');
        const results = await receiveAll(carrier.read(request), async (message) => {
          const { to, from, text, method, id, undelivered } = message;
          return receive({
            to,
            from,
            text,
            method,
            ...(undelivered === undefined ? {} : { undelivered }),
            by: `gateway: ${method === 'SMS' ? 'SMS' : 'call'} from ${name} ${id}`.slice(0, 200),
            // One nonce or ID may be written into a copy with other words: where the fields are not signed, it alone counts.
            requestId: requestId(secret, name, id, ...(id.startsWith('nonce ') ? [] : [to, text])),
          });
        });
        const result = results.includes('accepted') ? 'accepted' : (results[0] ?? 'ignored');
        return reply.code(taken ?? statusOf[result]).send();
      },
    });
  };
}

function readRequest(
  { method, url, headers, query, body }: FastifyRequest,
  base: () => string,
): { request: CarrierRequest; isReadable: boolean } {
  const raw = rawBody(body);
  const content = contentOf(raw, String(headers['content-type']));
  return {
    request: {
      method,
      url: base() + url,
      headers,
      body: raw,
      query: query as CarrierRequest['query'],
      content: content ?? {},
    },
    isReadable: content !== undefined,
  };
}

/**
 * A form or JSON, whichever it looks like, for some carriers name no type; `undefined` where it is broken JSON.
 *
 * @throws {HttpError} 413 for more fields than carriers send
 */
function contentOf(body: Buffer, type: string): unknown {
  const text = body.toString();
  if (text.trim() === '') return {};
  if (type.includes('form') || !/^\s*[[{]/.test(text)) {
    limitForm(text);
    return { ...parse(text) };
  }
  const content = jsonOf(text);
  limitFields(Object.values(content ?? {}).flat().length);
  return content;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** One message that is refused does not lose the others; where Temporal does not answer, all are sent again. */
async function receiveAll(
  messages: readonly CarrierMessage[],
  receive: (message: CarrierMessage) => Promise<'accepted' | 'duplicate'>,
): Promise<('accepted' | 'duplicate')[]> {
  const outcomes = await Promise.allSettled(messages.map(receive));
  const refused = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as Error] : [],
  );
  const taken = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const passing = refused.find((error) => !(error instanceof HttpError) || error.statusCode === 503);
  if (passing !== undefined) throw passing;
  const [first] = refused;
  if (taken.length === 0 && first !== undefined) throw first;
  return taken;
}
