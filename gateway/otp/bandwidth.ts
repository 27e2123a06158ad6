import * as v from 'valibot';
import { read } from '../body';
import { basicAuthDemanded, hasBasicAuth } from './basic-auth';
import type { Carrier, CarrierMessage } from './carrier';

const Events = v.pipe(
  v.union([v.array(v.unknown()), v.looseObject({})]),
  v.transform((events) => (Array.isArray(events) ? events : [events])),
);
const Received = v.object({
  type: v.literal('message-received'),
  message: v.object({
    id: v.string(),
    owner: v.optional(v.string()),
    to: v.union([v.string(), v.array(v.string())]),
    from: v.optional(v.string()),
    text: v.optional(v.string(), ''),
  }),
});

/**
 * Bandwidth sends the callback user name and password of the messaging application as HTTP Basic authentication. Several
 * events come as one JSON array; a call's transcript has to be fetched, so calls are not taken.
 * https://dev.bandwidth.com/docs/messaging/webhooks
 */
export const bandwidth: Carrier = {
  name: 'Bandwidth',
  path: '/otp/bandwidth',
  demands: basicAuthDemanded,
  isProvedBy: hasBasicAuth,
  // One event that cannot be read does not lose the others.
  read: ({ content }) =>
    read(content, Events).flatMap((event): CarrierMessage[] => {
      const { success, output } = v.safeParse(Received, event);
      if (!success) return [];
      const { id, owner, to, from, text } = output.message;
      // To a group it is told of each receiver; ours is the owner.
      const receivers = owner === undefined ? [to].flat() : [owner];
      return receivers.map((receiver) => ({
        to: receiver,
        from: from ?? null,
        text,
        method: 'SMS',
        id,
      }));
    }),
};
