import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Client } from '@temporalio/client';
import { answer } from '../answers';
import { rawBody, readJson } from '../body';
import { HttpError } from '../http-error';
import { RecentRequests, requestId } from '../idempotency';
import { within } from '../limits';
import { signalNumber, type FindClaims } from '../signals';
import { describe, SessionMessage } from './session-message';
import type { Session, SessionTokens } from './session-tokens';

/** Above what a popup posts, its errors included. */
const bodyLimit = 16 * 1024;
const Body = v.strictObject({ token: v.string(), message: SessionMessage });
const Token = v.object({ token: v.string() });
/** More errors than a popup shows to a person; each has the number's status read at Meta. */
const errorsPerMinute = 10;

/**
 * `POST /signup/events` `{token, message}`: what happened in the popup. It comes from a browser, so it is a hint: the
 * number's workflow reads the WABA at Meta before it believes a claim.
 */
export function signupEvents(
  server: FastifyInstance,
  { tokens, client, findClaims }: { tokens: SessionTokens; client: Client; findClaims: FindClaims },
): void {
  const recent = new RecentRequests();
  const limit = server.createRateLimit({
    max: errorsPerMinute,
    timeWindow: '1 minute',
    keyGenerator: ({ body }) => readJson(rawBody(body), Token).token,
  });

  server.post('/events', { bodyLimit }, async (request, reply) => {
    const raw = rawBody(request.body);
    const { token } = readJson(raw, Token);
    const session = tokens.open(token);
    if (!session) throw new HttpError(401, 'token is not one of ours, or has expired.');
    const { message } = readJson(raw, Body);
    const { event, wabaIds } = message;
    if (event.startsWith('FINISH') && wabaIds.length === 0) {
      throw new HttpError(
        400,
        `The request was not understood: ${event} must name the WABA in data.waba_id or data.waba_ids.`,
      );
    }
    if (event === 'ERROR') await within(limit, request);
    else if (event !== 'CANCEL' && wabaIds.length === 0) return answer(reply, 'ignored');
    const id = requestId(token, message);
    return answer(reply, await recent.once(id, () => act(session, message, id)));
  });

  async function act(
    { phoneNumber, customerId }: Session,
    message: SessionMessage,
    id: string,
  ): Promise<void> {
    const by = `signup page: ${describe(message)}`;
    switch (message.event) {
      case 'CANCEL':
        return signalNumber(client, phoneNumber, 'release', { customerId, by }, id);
      case 'ERROR':
        // The customer may go on, so the reservation stays. An error may mean that our record of the number is out of date.
        return signalNumber(client, phoneNumber, 'refresh', { by }, id);
      case 'FINISH':
      case 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING': {
        const { wabaIds, phoneNumberId, businessId } = message;
        const [wabaId, ...others] = wabaIds;
        if (wabaId === undefined) return;
        const claim = {
          wabaId,
          ...(phoneNumberId !== null && { phoneNumberId }),
          ...(businessId !== null && { businessId }),
          customerId,
          // By the source the workflow knows a number that stays on the phone's app, and never registers it.
          source: `signup ${message.event}`,
          by,
        };
        await signalNumber(client, phoneNumber, 'claim', claim, id);
        // The number is on one of them, and the message does not say on which.
        return search(others, id);
      }
      default:
        return search(message.wabaIds, id);
    }
  }

  async function search(wabaIds: SessionMessage['wabaIds'], id: string): Promise<void> {
    for (const wabaId of wabaIds) await findClaims(wabaId, id);
  }
}
