import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { RefusedError, TimedOutError, type NumberPool } from '../../client';
import { rawBody } from '../raw-body';
import { readJson } from '../read-json';
import { Refused } from '../http-error';
import { temporalRefusal } from '../temporal-refusal';
import type { Session, SessionTokens } from './session-tokens';

/** Above the longest token. */
const bodyLimit = 4 * 1024;
const Body = v.strictObject({ token: v.string() });
/** More than a person presses a button. */
const perMinute = 20;

/**
 * `POST /signup/code` `{token}` shows the code that a customer needs who takes a number that has lapsed: it goes to the
 * number, so only we receive it. `{code, receivedAt}`, once, to whoever the number is reserved for; 409 while there is none.
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
    const asked = await limit(request);
    if (!asked.isAllowed && asked.isExceeded)
      throw new Refused(429, `The code was asked for ${String(perMinute)} times in a minute.`);
    try {
      const { code, receivedAt } = await pool.takeCode(phoneNumber, { customerId });
      return { code, receivedAt };
    } catch (error) {
      if (error instanceof RefusedError) {
        throw new Refused(error.type === 'UnknownNumber' ? 404 : 409, error.message);
      }
      if (error instanceof TimedOutError) throw new Refused(503, error.message, { cause: error });
      throw temporalRefusal(error, `+${phoneNumber} is not in the pool.`);
    }
  });

  function sessionOf({ body }: FastifyRequest): Session {
    const session = tokens.open(readJson(rawBody(body), Body).token);
    if (session) return session;
    throw new Refused(401, 'token is not one of ours, or has expired.');
  }
}
