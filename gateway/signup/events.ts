import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Client } from '@temporalio/client';
import { answer } from '../answers';
import { rawBody, readJson } from '../body';
import { HttpError } from '../http-error';
import { RecentRequests, requestId } from '../idempotency';
import { signalNumber, type FindClaims } from '../signals';
import { describe, SessionMessage } from './session-message';
import type { Session, SessionTokens } from './session-tokens';

/** Above what a popup posts, its errors included. */
const bodyLimit = 16 * 1024;
const Body = v.strictObject({ token: v.string(), message: SessionMessage });
const Token = v.object({ token: v.string() });

/**
 * `POST /signup/events` `{token, message}`: what happened in the popup. It comes from a browser, so it is a hint: the
 * number's workflow reads the WABA at Meta before it believes a claim.
 */
export function signupEvents(
  server: FastifyInstance,
  { tokens, client, findClaims }: { tokens: SessionTokens; client: Client; findClaims: FindClaims },
): void {
  const recent = new RecentRequests();

  server.post('/events', { bodyLimit }, async ({ body }, reply) => {
    const raw = rawBody(body);
    const { token } = readJson(raw, Token);
    const session = tokens.open(token);
    if (!session) throw new HttpError(401, 'token is not one of ours, or has expired.');
    const { message } = readJson(raw, Body);
    const id = requestId(token, message.event, message.data);
    return answer(reply, await recent.once(id, () => act(session, message, id)));
  });

  async function act({ phoneNumber, customerId }: Session, message: SessionMessage, id: string) {
    const { event, data } = message;
    const by = `signup page: ${describe(message)}`;
    switch (event) {
      case 'CANCEL':
        return signalNumber(client, phoneNumber, 'release', { customerId, by }, id);
      case 'FINISH':
      case 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING': {
        // By the source the workflow knows a number that stays on the phone's app, and never registers it.
        const claim = {
          wabaId: wabaOf(message),
          ...(data.phone_number_id && { phoneNumberId: data.phone_number_id }),
          ...(data.business_id && { businessId: data.business_id }),
          customerId,
          source: `signup ${event}`,
          by,
        };
        return signalNumber(client, phoneNumber, 'claim', claim, id);
      }
      default:
        await findClaims(wabaOf(message), id);
    }
  }
}

function wabaOf({ event, data }: SessionMessage) {
  if (data.waba_id) return data.waba_id;
  throw new HttpError(400, `The request was not understood: ${event} must name the WABA in data.waba_id.`);
}
