import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { NumberPool } from '../../client';
import { rawBody, readJson } from '../body';
import { HttpError } from '../http-error';
import type { SignupLimits } from './limits';
import type { SessionTokens } from './session-tokens';

/** Above the longest token. */
const bodyLimit = 4 * 1024;
const Body = v.strictObject({ token: v.string() });

/**
 * `POST /signup/code` `{token}` shows a code to the customer for whom the number is reserved. Meta sends it to the number
 * when they take one that has lapsed, so only we receive it. Answers `{code, receivedAt}` once, 409 while there is
 * none, 410 where the reservation has ended.
 */
export function signupCode(
  server: FastifyInstance,
  { tokens, pool, limits }: { tokens: SessionTokens; pool: NumberPool; limits: SignupLimits },
): void {
  server.post('/code', { bodyLimit }, async (request) => {
    const session = tokens.open(readJson(rawBody(request.body), Body).token);
    if (!session) throw new HttpError(401, 'token is not one of ours, or has expired.');
    await limits.admit('code', request, session);
    const { phoneNumber, customerId, reservationId } = session;
    const { code, receivedAt } = await pool.takeCode(phoneNumber, { customerId, reservationId });
    return { code, receivedAt };
  });
}
