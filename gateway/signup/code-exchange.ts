import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { answer } from '../answers';
import { rawBody, readJson } from '../body';
import { HttpError } from '../http-error';
import type { ExchangedCodes } from './exchanged-codes';
import type { SignupLimits } from './limits';
import type { SessionTokens } from './session-tokens';

/** Above the longest token and code together. */
const bodyLimit = 8 * 1024;
const Body = v.strictObject({
  token: v.string(),
  code: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,2048}$/, 'code must be the one that FB.login brought')),
});

/** The customer has granted what the code stands for, however long they took over it. */
const grace = 60 * 60 * 1000;

/**
 * `POST /signup/code-exchange` `{token, code}`: the code that the login callback brought, which lives thirty seconds.
 * Answers 202 once the customer's token is sealed in the records, 200 for a repeat, 410 where the customer must sign in
 * again.
 */
export function signupCodeExchange(
  server: FastifyInstance,
  { tokens, codes, limits }: { tokens: SessionTokens; codes: ExchangedCodes; limits: SignupLimits },
): void {
  server.post('/code-exchange', { bodyLimit }, async (request, reply) => {
    const { token, code } = readJson(rawBody(request.body), Body);
    const session = tokens.open(token, Date.now() - grace);
    if (!session) throw new HttpError(401, 'token is not one of ours, or has expired.');
    await limits.admit('codeExchange', request, session);
    return answer(reply, await codes.exchange(session, code, () => limits.named(session)));
  });
}
