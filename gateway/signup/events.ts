import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Client } from '@temporalio/client';
import { answer, type Result } from '../answers';
import { rawBody, readJson } from '../body';
import { HttpError } from '../http-error';
import { RecentRequests, requestId } from '../idempotency';
import type { WabaId } from '../../contract/ids';
import type { MessageName, MessagePayload } from '../../contract/messages';
import { signalNumber, unlessEnded } from '../signals';
import type { HintedSearches } from './hinted-searches';
import type { SignupLimits } from './limits';
import { describe, SessionMessage } from './session-message';
import type { Session, SessionTokens } from './session-tokens';

/** Above what a popup posts, its errors included. */
const bodyLimit = 16 * 1024;
const Body = v.strictObject({ token: v.string(), message: SessionMessage });
const Token = v.object({ token: v.string() });

/**
 * `POST /signup/events` `{token, message}`: what happened in the popup. It comes from a browser, so it is a hint: the
 * number's workflow reads the WABA at Meta before it believes a claim, and hears nothing of a reservation that has ended.
 */
export function signupEvents(
  server: FastifyInstance,
  {
    tokens,
    client,
    searches,
    limits,
    onNamed,
  }: {
    tokens: SessionTokens;
    client: Client;
    searches: HintedSearches;
    limits: SignupLimits;
    /** Hears which WABAs a session has named. */
    onNamed: (session: Session, wabaIds: readonly WabaId[]) => void;
  },
): void {
  const recent = new RecentRequests();

  server.post('/events', { bodyLimit }, async (request, reply) => {
    const raw = rawBody(request.body);
    const session = tokens.open(readJson(raw, Token).token);
    if (!session) throw new HttpError(401, 'token is not one of ours, or has expired.');
    await limits.admit('events', request, session);
    return answer(reply, await act(session, readJson(raw, Body).message));
  });

  /** Messages that ask for the same are one: details that say nothing to a number make them no others. */
  async function act(session: Session, message: SessionMessage): Promise<Result> {
    const { phoneNumber, customerId, reservationId } = session;
    const { event, phoneNumberId, businessId } = message;
    const by = `signup page: ${event}`;
    const reason = describe(message);
    const idOf = (...what: readonly unknown[]) => requestId(session.id, reservationId, event, ...what);
    if (event === 'CANCEL') {
      const id = idOf();
      const release = { customerId, reservationId, reason, by };
      return tell(phoneNumber, 'release', release, id);
    }
    if (event === 'ERROR') {
      // The customer may go on, so the reservation stays. An error may mean that our record of the number is out of date.
      const id = idOf(message.errorCode, message.errorMessage, message.step);
      limits.count(session, 'statusReadings', id);
      return tell(phoneNumber, 'refresh', { reservationId, reason, by }, id);
    }
    const [wabaId, ...others] = wabasOf(session, message);
    if (wabaId === undefined) return 'ignored';
    onNamed(session, [wabaId, ...others]);
    if (!claims.includes(event)) return search(session, [wabaId, ...others], idOf);
    const claim = {
      wabaId,
      ...(phoneNumberId !== null && { phoneNumberId }),
      ...(businessId !== null && { businessId }),
      customerId,
      reservationId,
      // By the source the workflow knows a number that stays on the phone's app, and never registers it.
      source: `signup ${event}`,
      by,
    };
    const id = idOf(wabaId, phoneNumberId, businessId);
    limits.count(session, 'reports', id);
    const result = await tell(phoneNumber, 'claim', claim, id);
    // The number is on one of them, and the message does not say on which.
    await search(session, others, idOf);
    return result;
  }

  /** Meta's webhook may be faster than the popup: a number that is registered already has nothing to hear. */
  const tell = <Name extends MessageName>(
    phoneNumber: string,
    name: Name,
    payload: MessagePayload<Name>,
    id: string,
  ): Promise<Result> =>
    unlessEnded(recent.once(id, () => signalNumber(client, phoneNumber, name, payload, id)));

  /** @throws {HttpError} 400 where a signup has ended with none, 409 where it names others than before */
  function wabasOf(session: Session, { event, wabaIds }: SessionMessage) {
    const known = limits.known(session, wabaIds);
    if (!event.startsWith('FINISH') || known.length > 0) return known;
    if (wabaIds.length > 0) throw new HttpError(409, 'This signup has named other WABAs: begin a new one.');
    throw new HttpError(
      400,
      `The request was not understood: ${event} must name the WABA in data.waba_id or data.waba_ids.`,
    );
  }

  async function search(
    session: Session,
    wabaIds: SessionMessage['wabaIds'],
    idOf: (...what: unknown[]) => string,
  ): Promise<Result> {
    const results: Result[] = [];
    for (const wabaId of wabaIds) {
      const id = idOf('search', wabaId);
      // One that is dropped is not remembered: it may come again.
      if (!(await searches.hasRoomFor(wabaId))) continue;
      limits.count(session, 'searches', id);
      results.push(await recent.once(id, () => searches.search(wabaId, id)));
    }
    return results.includes('accepted') ? 'accepted' : (results[0] ?? 'ignored');
  }
}

/** The others say that a WABA is there, not that the number is on it. */
const claims = ['FINISH', 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING'];
