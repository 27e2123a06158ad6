import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { NumberPool } from '../../client';
import { rawBody, readJson } from '../body';
import { HttpError } from '../http-error';
import { within } from '../limits';
import type { Session, SessionTokens } from './session-tokens';

/** Above the longest token. */
const bodyLimit = 4 * 1024;
const Body = v.strictObject({ token: v.string() });
/** More often than a person presses a button. */
const perMinute = 20;

/**
 * `POST /signup/code` `{token}` shows a code to the customer for whom the number is reserved. Meta sends it to the number
 * when they take one that has lapsed, so only we receive it. Answers `{code, receivedAt}` once, 409 while there is none.
 */
export function signupCode(
  server: FastifyInstance,
  { tokens, pool }: { tokens: SessionTokens; pool: NumberPool },
): void {
  const limit = server.createRateLimit({
    max: perMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => {
      const { phoneNumber, customerId } = sessionOf(request);
      return `code of ${phoneNumber} for ${customerId}`;
    },
  });

  server.post('/code', { bodyLimit }, async (request) => {
    const { phoneNumber, customerId } = sessionOf(request);
    await within(limit, request);
    const { code, receivedAt } = await pool.takeCode(phoneNumber, { customerId });
    return { code, receivedAt };
  });

  function sessionOf({ body }: FastifyRequest): Session {
    const session = tokens.open(readJson(rawBody(body), Body).token);
    if (session) return session;
    throw new HttpError(401, 'token is not one of ours, or has expired.');
  }
}
