import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Client } from '@temporalio/client';
import type { NumberPool } from '../../client';
import { sameSecret } from '../../temporal/same-secret';
import { buildSignupConfig, deprecationOf, signupVersions } from '../../client/signup/signup-config';
import type { NumberRecord } from '../../contract/number-record';
import { read } from '../body';
import { HttpError } from '../http-error';
import { withDeadline } from '../signals';
import type { Session, SessionTokens } from './session-tokens';

const Query = v.pipe(
  v.object({
    customer: v.string('must be the customer for whom a number is reserved, by your own name for them'),
    country: v.optional(v.string()),
    version: v.optional(v.picklist(signupVersions, 'version must be v4, v2 or document'), 'v4'),
    preVerifiedPhone: v.optional(
      v.picklist(['true', 'false'], 'preVerifiedPhone must be true or false'),
      'true',
    ),
  }),
  v.check(
    ({ version, preVerifiedPhone }) => version === 'v4' || preVerifiedPhone === 'true',
    'preVerifiedPhone=false is for version v4 alone',
  ),
);

/** What is asked for. `expiresAt` bounds the reservation; with an API key it is `null`: the default half hour. */
type Request = Omit<Session, 'phoneNumber' | 'expiresAt'> & { expiresAt: number | null };

/** Long enough to try several numbers, each of which is looked up at Meta. */
const answerWithin = 20_000;

/**
 * `GET /signup/config?customer=&country=&version=&preVerifiedPhone=` reserves a number and answers
 * `{token, expiresAt, config, notice?}`: the session's token, when it and the reservation end (ISO 8601), the argument of
 * `FB.login`, and that Meta has deprecated the version. A partner's server calls it with an API key. The page calls it with
 * a token, and gets a session that ends when that token does.
 */
export function signupConfig(
  server: FastifyInstance,
  {
    tokens,
    client,
    pool,
    apiKeys,
    configId,
  }: {
    tokens: SessionTokens;
    client: Client;
    pool: NumberPool;
    apiKeys: readonly string[];
    configId: string;
  },
): void {
  server.get('/config', async ({ headers, query }) => {
    const asked = requestOf(/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '', query);
    const record = await reserve(asked);
    const { customerId, country, version, preVerifiedPhone = true } = asked;
    const until = Date.parse(record.reservation?.until ?? '');
    const expiresAt = Math.min(until, asked.expiresAt ?? until);
    const { phoneNumber, preverifiedId } = record;
    const ids = preverifiedId === null ? [] : [preverifiedId];
    const notice = deprecationOf(version);
    return {
      token: tokens.seal({ phoneNumber, customerId, country, version, preVerifiedPhone, expiresAt }),
      expiresAt: new Date(expiresAt).toISOString(),
      config: buildSignupConfig(ids, { version, configId, ...(version === 'v4' && { preVerifiedPhone }) }),
      ...(notice !== null && { notice }),
    };
  });

  function requestOf(credential: string, query: unknown): Request {
    // Compares with every key, so that the time taken does not tell which one was near.
    if (apiKeys.filter((key) => sameSecret(credential, key)).length > 0) {
      const { customer, country = null, version, preVerifiedPhone } = read(query, Query);
      return {
        customerId: customer,
        country,
        version,
        preVerifiedPhone: preVerifiedPhone === 'true',
        expiresAt: null,
      };
    }
    const session = tokens.open(credential);
    if (session) return session;
    throw new HttpError(
      401,
      'Authorization must be Bearer and one of GATEWAY_API_KEYS, or a token that has not expired.',
    );
  }

  function reserve({ customerId, country, expiresAt }: Request): Promise<NumberRecord> {
    const request = {
      customerId,
      ...(country !== null && { country }),
      ...(expiresAt !== null && { ttl: `${String(Math.max(1, expiresAt - Date.now()))}ms` }),
    };
    return withDeadline(client, () => pool.reserveOne(request), answerWithin);
  }
}
