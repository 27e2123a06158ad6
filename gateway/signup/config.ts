import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Client } from '@temporalio/client';
import { RefusedError, TimedOutError, type NumberPool } from '../../client';
import { sameSecret } from '../../temporal/same-secret';
import { buildSignupConfig } from '../../client/signup/signup-config';
import type { NumberRecord } from '../../contract/number-record';
import { read } from '../read-json';
import { Refused } from '../http-error';
import { temporalRefusal } from '../temporal-refusal';
import type { Session, SessionTokens } from './session-tokens';

const Query = v.object({
  customer: v.string('must be the customer for whom a number is reserved, by your own name for them'),
  country: v.optional(v.string()),
  version: v.optional(v.picklist(['document', 'v2', 'v4'], 'version must be document, v2 or v4'), 'v2'),
});

/** What is wanted, and until when it may be held at most. */
type Wanted = Omit<Session, 'phoneNumber' | 'expiresAt'> & { expiresAt: number | null };

/** Long enough to try several numbers, each of which is looked up at Meta. */
const answerWithin = 20_000;

/**
 * `GET /signup/config?customer=&country=&version=` reserves a number and answers
 * `{token, expiresAt, config}`: the session's token, when both end (ISO 8601), and the argument of `FB.login`. For a
 * server that brings an API key; or for the page, which brings a token and gets a session that ends when that one does.
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
    const wanted = wantedBy(/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '', query);
    const record = await reserve(wanted);
    const { customerId, country, version } = wanted;
    const until = Date.parse(record.reservation?.until ?? '');
    const expiresAt = Math.min(until, wanted.expiresAt ?? until);
    const { phoneNumber, preverifiedId } = record;
    return {
      token: tokens.seal({ phoneNumber, customerId, country, version, expiresAt }),
      expiresAt: new Date(expiresAt).toISOString(),
      config: buildSignupConfig(preverifiedId === null ? [] : [preverifiedId], { version, configId }),
    };
  });

  function wantedBy(credential: string, query: unknown): Wanted {
    // Each is compared, so that the time tells nothing about which was near.
    if (apiKeys.filter((key) => sameSecret(credential, key)).length > 0) {
      const { customer, country = null, version } = read(query, Query);
      return { customerId: customer, country, version, expiresAt: null };
    }
    const session = tokens.open(credential);
    if (session) return session;
    throw new Refused(
      401,
      'Authorization must be Bearer and one of GATEWAY_API_KEYS, or a token that has not expired.',
    );
  }

  async function reserve({ customerId, country, expiresAt }: Wanted): Promise<NumberRecord> {
    const request = {
      customerId,
      ...(country !== null && { country }),
      ...(expiresAt !== null && { ttl: `${String(Math.max(1, expiresAt - Date.now()))}ms` }),
    };
    try {
      return await client.withDeadline(Date.now() + answerWithin, () => pool.reserveOne(request));
    } catch (error) {
      if (error instanceof RefusedError) {
        // That none is free is no fault.
        throw new Refused(error.type === 'InvalidMessage' ? 400 : 503, error.message);
      }
      if (error instanceof TimedOutError) throw new Refused(503, error.message, { cause: error });
      throw temporalRefusal(error, 'There is no such number.');
    }
  }
}
