import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import * as v from 'valibot';
import type { Client } from '@temporalio/client';
import type { NumberPool } from '../../client';
import { sameSecret } from '../../temporal/same-secret';
import { buildSignupConfig, deprecationOf, signupVersions } from '../../client/signup/signup-config';
import type { NumberRecord } from '../../contract/number-record';
import { read } from '../body';
import { HttpError } from '../http-error';
import { signalNumber, unlessEnded, withDeadline } from '../signals';
import type { SignupLimits } from './limits';
import type { Session, SessionTokens } from './session-tokens';

const Query = v.pipe(
  v.object({
    customer: v.pipe(
      v.string('must be the customer for whom a number is reserved, by your own name for them'),
      v.trim(),
    ),
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

/** What is asked for. `session` asks for it, and its end bounds the reservation; with an API key the default half hour does. */
type Request = Pick<Session, 'id' | 'customerId' | 'country' | 'version' | 'preVerifiedPhone'> & {
  session: Session | null;
};

/** Long enough to try several numbers, each of which is looked up at Meta. */
const answerWithin = 20_000;

/**
 * `GET /signup/config?customer=&country=&version=&preVerifiedPhone=` reserves a number and answers
 * `{token, expiresAt, phoneNumber, config, notice?}`: the session's token, when it and the reservation end (ISO 8601), the
 * number as people write it, the argument of
 * `FB.login`, and that Meta has deprecated the version. A partner's server calls it with an API key. The page calls it with
 * a token, and gets a session that ends when that token does.
 */
export function signupConfig(
  server: FastifyInstance,
  {
    tokens,
    client,
    pool,
    limits,
    apiKeys,
    configId,
  }: {
    tokens: SessionTokens;
    client: Client;
    pool: NumberPool;
    limits: SignupLimits;
    apiKeys: readonly string[];
    configId: string;
  },
): void {
  server.get('/config', async (request) => {
    const { headers, query } = request;
    const asked = requestOf(/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '', query);
    await limits.admit('config', request, asked);
    const record = await reserve(asked);
    const { id, customerId, country, version, preVerifiedPhone = true } = asked;
    const { phoneNumber, preverifiedId } = record;
    const { id: reservationId = '', until: end = '' } = record.reservation ?? {};
    const until = Date.parse(end);
    const expiresAt = Math.min(until, asked.session?.expiresAt ?? until);
    if (asked.session) await hold(asked.session, { phoneNumber, reservationId });
    const ids = preverifiedId === null ? [] : [preverifiedId];
    const notice = deprecationOf(version);
    return {
      token: tokens.seal({
        id,
        phoneNumber,
        customerId,
        reservationId,
        country,
        version,
        preVerifiedPhone,
        expiresAt,
      }),
      expiresAt: new Date(expiresAt).toISOString(),
      phoneNumber: parsePhoneNumberFromString(`+${phoneNumber}`)?.formatInternational() ?? `+${phoneNumber}`,
      config: buildSignupConfig(ids, { version, configId, ...(version === 'v4' && { preVerifiedPhone }) }),
      ...(notice !== null && { notice }),
    };
  });

  function requestOf(credential: string, query: unknown): Request {
    // Compares with every key, so that the time taken does not tell which one was near.
    if (apiKeys.filter((key) => sameSecret(credential, key)).length > 0) {
      const { customer, country = null, version, preVerifiedPhone } = read(query, Query);
      return {
        id: randomBytes(16).toString('base64url'),
        session: null,
        customerId: customer,
        country,
        version,
        preVerifiedPhone: preVerifiedPhone === 'true',
      };
    }
    const session = tokens.open(credential);
    if (session) return { ...session, session };
    throw new HttpError(
      401,
      'Authorization must be Bearer and one of GATEWAY_API_KEYS, or a token that has not expired.',
    );
  }

  function reserve({ customerId, country, session }: Request): Promise<NumberRecord> {
    const request = {
      customerId,
      ...(country !== null && { country }),
      ...(session && { ttl: `${String(Math.max(1, session.expiresAt - Date.now()))}ms` }),
    };
    return withDeadline(client, () => pool.reserveOne(request), answerWithin);
  }

  /** A session has one number at a time: the one before goes back, and so does one too many. */
  async function hold(session: Session, given: Pick<Session, 'phoneNumber' | 'reservationId'>) {
    try {
      limits.countNumber(session, given.phoneNumber);
    } catch (error) {
      await giveBack({ ...session, ...given });
      throw error;
    }
    if (given.phoneNumber !== session.phoneNumber) await giveBack(session);
  }

  async function giveBack({ phoneNumber, customerId, reservationId }: Session): Promise<void> {
    const release = { customerId, reservationId, by: 'signup page: another number was reserved' };
    await unlessEnded(signalNumber(client, phoneNumber, 'release', release, `release of ${reservationId}`));
  }
}
