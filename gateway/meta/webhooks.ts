import type { FastifyInstance } from 'fastify';
import pLimit from 'p-limit';
import { sameSecret } from '../../temporal/same-secret';
import type { WabaId } from '../../contract/ids';
import { outcomes } from '../replies';
import { keepRawBodies, rawBody } from '../raw-body';
import { readJson } from '../read-json';
import type { RecentMessages } from '../recent-messages';
import { Refused } from '../http-error';
import { requestId } from '../request-id';
import { temporalRefusal } from '../temporal-refusal';
import { accountUpdates, Delivery } from './account-updates';
import { isMetas } from './signature';

/**
 * Has the WABA looked at for numbers of ours that a customer has taken. Settles once Temporal holds it; the same
 * request ID twice is one look.
 */
export type FindClaims = (wabaId: WabaId, requestId: string) => Promise<void>;

/** Meta delivers batches of up to 3 MB. */
const bodyLimit = 4 * 1024 * 1024;

/** Meta's webhooks: its challenge, and its word that something happened to a customer's account. */
export function metaWebhooks(
  { appSecret, verifyToken }: { appSecret: string; verifyToken: string },
  findClaims: FindClaims,
  recent: RecentMessages,
) {
  return (server: FastifyInstance, _options: object, done: () => void): void => {
    keepRawBodies(server);

    server.get<{ Querystring: Record<string, unknown> }>('/webhooks/meta', ({ query }, reply) => {
      if (!sameSecret(String(query['hub.verify_token']), verifyToken)) {
        throw new Refused(401, 'hub.verify_token is not META_VERIFY_TOKEN.');
      }
      const challenge = query['hub.challenge'];
      if (query['hub.mode'] !== 'subscribe' || typeof challenge !== 'string') {
        throw new Refused(400, 'hub.mode must be subscribe, and hub.challenge must be there.');
      }
      return reply.type('text/plain').send(challenge);
    });

    server.post('/webhooks/meta', { bodyLimit }, async ({ headers, body }, reply) => {
      const raw = rawBody(body);
      if (!isMetas(String(headers['x-hub-signature-256']), raw, appSecret)) {
        throw new Refused(401, 'X-Hub-Signature-256 is missing, or is not the signature of this body.');
      }
      const updates = accountUpdates(readJson(raw, Delivery));
      const limit = pLimit(10);
      const outcomesOfAll = await Promise.allSettled(
        updates.map(({ wabaId, key }) =>
          limit(() => {
            const id = requestId(appSecret, ...key);
            return recent.once(id, () => findClaims(wabaId, id));
          }),
        ),
      );
      // What failed is tried again when Meta sends the batch again; the rest of it is seen by then.
      const { statusCode, message } = outcomes[together(outcomesOfAll)];
      return reply.code(statusCode).send({ message });
    });
    done();
  };
}

function together(all: PromiseSettledResult<'held' | 'seen'>[]): keyof typeof outcomes {
  for (const one of all) {
    if (one.status === 'rejected') throw temporalRefusal(one.reason, 'Nothing looks for claims here.');
  }
  const held = all.some((one) => one.status === 'fulfilled' && one.value === 'held');
  return held ? 'held' : all.length > 0 ? 'seen' : 'ignored';
}
