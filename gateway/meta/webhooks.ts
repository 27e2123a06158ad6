import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import pLimit from 'p-limit';
import type { PortfolioId } from '../../contract/ids';
import type { Logger } from '../../settings/logger';
import { sameSecret } from '../../temporal/same-secret';
import { answer, type Result } from '../answers';
import { keepRawBodies, rawBody, readJson } from '../body';
import { HttpError } from '../http-error';
import { requestId, type RecentRequests } from '../idempotency';
import { requireSignature, signedRoute } from '../limits';
import type { FindClaims } from '../signals';
import type { CustomersAtMeta } from './customers';
import { accountUpdates, Delivery } from './delivery';

/** Meta delivers batches of up to 3 MB. */
const bodyLimit = 4 * 1024 * 1024;

type Query = Record<string, unknown>;

/** `/webhooks/meta`: Meta's challenge, and its deliveries: `account_update` names WABAs to search and customers who come or leave, `phone_number_name_update` numbers whose names Meta has reviewed. */
export function metaWebhooks({
  appSecret,
  verifyToken,
  portfolioId,
  findClaims,
  customers,
  recent,
  logger,
}: {
  appSecret: string;
  verifyToken: string;
  portfolioId: PortfolioId | null;
  findClaims: FindClaims;
  customers: CustomersAtMeta;
  recent: RecentRequests;
  logger: Logger;
}) {
  return (server: FastifyInstance): void => {
    keepRawBodies(server);
    requireSignature(server, ({ method, query, headers, body }) => {
      if (method !== 'POST') {
        const { 'hub.verify_token': token } = query as Query;
        if (!sameSecret(String(token), verifyToken)) {
          throw new HttpError(401, 'hub.verify_token is not META_VERIFY_TOKEN.');
        }
      } else if (!isSignedByMeta(rawBody(body), String(headers['x-hub-signature-256']), appSecret)) {
        throw new HttpError(401, 'X-Hub-Signature-256 is missing, or is not the signature of this body.');
      }
    });

    server.get<{ Querystring: Query }>('/webhooks/meta', signedRoute, ({ query }, reply) => {
      const challenge = query['hub.challenge'];
      if (query['hub.mode'] !== 'subscribe' || typeof challenge !== 'string') {
        throw new HttpError(400, 'hub.mode must be subscribe, and hub.challenge must be there.');
      }
      return reply.type('text/plain').send(challenge);
    });

    server.post('/webhooks/meta', { ...signedRoute, bodyLimit }, async ({ body }, reply) => {
      const { changed, left, names } = accountUpdates(readJson(rawBody(body), Delivery), portfolioId);
      for (const { wabaId, event } of left) logger.info({ wabaId, event }, `WABA ${wabaId} has left`);
      const limit = pLimit(10);
      const once = (key: readonly unknown[], act: (id: string) => Promise<unknown>) =>
        limit(() => {
          const id = requestId(appSecret, ...key);
          return recent.once(id, async () => {
            await act(id);
          });
        });
      const told = (key: readonly unknown[], tell: () => Promise<boolean>) =>
        limit(async () => {
          let isCustomer = true as boolean;
          const result = await recent.once(requestId(appSecret, ...key), async () => {
            isCustomer = await tell();
          });
          return isCustomer ? result : 'ignored';
        });
      const results = await Promise.allSettled([
        ...changed.map(({ wabaId, begins, businessId, key }) =>
          once(key, async (id) => {
            await findClaims(wabaId, id);
            if (begins) await customers.begin(wabaId, businessId);
          }),
        ),
        ...left.map(({ key, ...departure }) => told(key, () => customers.departed(departure))),
        ...names.map(({ key, ...name }) => told(key, () => customers.nameReviewed(name))),
      ]);
      return answer(reply, resultOf(results));
    });
  };
}

/** `X-Hub-Signature-256` is the HMAC of these very bytes: a body that was parsed and written again has another. */
function isSignedByMeta(raw: Buffer, signature: string, appSecret: string): boolean {
  const expected = createHmac('sha256', appSecret).update(raw).digest('hex');
  return sameSecret(signature, `sha256=${expected}`);
}

/** Where one search could not be started Meta is asked for the whole batch again: the others are duplicates by then. */
function resultOf(results: PromiseSettledResult<Result>[]): Result {
  const each = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  return each.includes('accepted') ? 'accepted' : (each[0] ?? 'ignored');
}
