import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Client } from '@temporalio/client';
import type { FindClaims } from '../meta/webhooks';
import { outcomes } from '../replies';
import { rawBody } from '../raw-body';
import { readJson } from '../read-json';
import { RecentMessages } from '../recent-messages';
import { Refused } from '../http-error';
import { requestId } from '../request-id';
import { signalNumber } from '../signal-number';
import { temporalRefusal } from '../temporal-refusal';
import { describe, SessionMessage } from './session-message';
import type { Session, SessionTokens } from './session-tokens';

/** Above what a popup writes, errors included. */
const bodyLimit = 16 * 1024;
const Body = v.strictObject({ token: v.string(), message: SessionMessage });
const Token = v.object({ token: v.string() });

/**
 * `POST /signup/events` `{token, message}`: what happened in the popup. A hint, for it comes from a browser: the number's
 * workflow looks at the WABA before it believes a claim.
 */
export function signupEvents(
  server: FastifyInstance,
  { tokens, client, findClaims }: { tokens: SessionTokens; client: Client; findClaims: FindClaims },
): void {
  const recent = new RecentMessages();

  server.post('/events', { bodyLimit }, async ({ body }, reply) => {
    const raw = rawBody(body);
    const { token } = readJson(raw, Token);
    const session = tokens.open(token);
    if (!session) throw new Refused(401, 'token is not one of ours, or has expired.');
    const { message } = readJson(raw, Body);
    const id = requestId(token, message.event, message.data);
    const outcome = outcomes[await recent.once(id, () => act(session, message, id))];
    return reply.code(outcome.statusCode).send({ message: outcome.message });
  });

  async function act({ phoneNumber, customerId }: Session, message: SessionMessage, id: string) {
    const { event, data } = message;
    const by = `signup page: ${describe(message)}`;
    switch (event) {
      case 'CANCEL':
        return signalNumber(client, phoneNumber, 'release', { customerId, by }, id);
      case 'FINISH':
      case 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING': {
        // The source tells the workflow of a number that stays on the phone's app: it must not be registered.
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
        try {
          await findClaims(wabaOf(message), id);
        } catch (error) {
          throw temporalRefusal(error, 'Nothing looks for claims here.');
        }
    }
  }
}

function wabaOf({ event, data }: SessionMessage) {
  if (data.waba_id) return data.waba_id;
  throw new Refused(400, `That cannot be taken in: ${event} must name the WABA in data.waba_id.`);
}
