import ms from 'ms';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { BusinessPhoneNumber } from '../meta/business-phone-number';
import { nameStatuses } from '../meta/business-phone-number';
import { whyMute } from '../meta/messaging';
import { digitsOf } from '../phone-number';
import type { Simulation } from '../simulation';
import { ControlError, read } from './control-error';

const Digits = v.pipe(v.string(), v.transform(digitsOf), v.nonEmpty('must hold digits'));

const Deletion = v.strictObject({ phoneNumber: Digits, pin: v.optional(v.string()) });
const Name = v.strictObject({
  phoneNumber: Digits,
  status: v.picklist(nameStatuses),
  /** The customer has asked for this name in place of the one before: `status` is its review's. */
  newName: v.optional(v.pipe(v.string(), v.nonEmpty())),
});
const Message = v.strictObject({ from: Digits, to: Digits, text: v.string() });
const Messages = v.strictObject({ number: v.optional(Digits) });

/** What a customer and Meta do with a number on a WABA, and who writes to it. */
export function phoneNumberRoutes(server: FastifyInstance, simulation: Simulation): void {
  const { meta, clock, deliveries } = simulation;
  const find = (digits: string): BusinessPhoneNumber => {
    const phone = meta.onAnyWaba(digits);
    if (phone === undefined) throw new ControlError(`+${digits} is on no WABA`);
    return phone;
  };
  const deliver = async (phone: BusinessPhoneNumber, field: string, value: unknown) => {
    for (const app of meta.waba(phone.wabaId).subscribedApps) {
      await deliveries.post(app, { entryId: phone.wabaId, field, value });
    }
  };

  /** As an admin of the customer's portfolio in WhatsApp Manager (docs/rules.md, Embedded Signup). */
  server.post('/phone-numbers/delete', (request) => {
    const { phoneNumber, pin } = read(Deletion, request.body);
    const phone = find(phoneNumber);
    const monthAgo = clock.now() - ms('30 days');
    const sent = meta.messages
      .list(phoneNumber)
      .some(({ from, at }) => from === phoneNumber && Date.parse(at) > monthAgo);
    if (sent) throw new ControlError('the number has sent messages within 30 days');
    const { registered } = phone.registration;
    if (registered && !phone.registration.isPin(pin)) throw new ControlError('the PIN is not the number’s');
    meta.dropPhoneNumber(phone);
    return {};
  });

  /** What Meta's review says of the display name; the subscribed apps hear of a name that was changed. */
  server.post('/phone-numbers/name', async (request) => {
    const { phoneNumber, status, newName } = read(Name, request.body);
    const phone = find(phoneNumber);
    if (newName === undefined) phone.nameStatus = status;
    else phone.newName = { name: newName, status };
    const decision = { APPROVED: 'APPROVED', DECLINED: 'REJECTED', PENDING_REVIEW: 'PENDING' }[
      status as string
    ];
    if (decision !== undefined) {
      await deliver(phone, 'phone_number_name_update', {
        display_phone_number: phone.number.digits,
        decision,
        requested_verified_name: newName ?? phone.verifiedName,
        rejection_reason: decision === 'REJECTED' ? 'NAME_GUIDELINE_VIOLATION' : null,
      });
    }
    return {};
  });

  /** Somebody writes to the number: it arrives at the callbacks of the WABA's apps, or nowhere. */
  server.post('/whatsapp-messages', async (request) => {
    const message = read(Message, request.body);
    const phone = find(message.to);
    const mute = whyMute(meta, phone);
    if (mute !== null) return { delivered: false, why: mute };
    const { id, from, text, at } = meta.messages.add(message);
    const { number, id: phoneNumberId } = phone;
    await deliver(phone, 'messages', {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: number.digits, phone_number_id: phoneNumberId },
      contacts: [{ profile: { name: 'A customer’s customer' }, wa_id: from }],
      messages: [
        {
          from,
          id,
          timestamp: String(Math.floor(Date.parse(at) / 1000)),
          type: 'text',
          text: { body: text },
        },
      ],
    });
    return { delivered: true, why: null };
  });

  server.get('/whatsapp-messages', (request) =>
    meta.messages.list(read(Messages, request.query).number ?? null),
  );
}
