import type { Instant, NumberRecord, NumberState } from './number-record';

/** What an endpoint can subscribe to; `number.*` names a group. */
export const webhookEventTypes = [
  'number.added',
  'number.code_requested',
  'number.verified',
  'number.unverified',
  'number.claimed',
  'number.registered',
  'number.removed',
  'number.rejected',
  'number.name_status',
  'customer.connected',
  'customer.left',
  'customer.problem',
  'partner.number_claimed',
  'partner.number_removed',
  'warning.expires_soon',
  'warning.register_soon',
  'warning.stock_low',
  'warning.code_not_received',
  'warning.problem',
  'warning.token_invalid',
  'warning.records_late',
  'records.checkpoint',
  'warning.unreadable',
] as const;
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** One event; its ID becomes the header `webhook-id`, the same at every attempt and for every endpoint. */
export interface WebhookEvent {
  id: string;
  type: WebhookEventType;
  at: Instant;
  /** The partner whom the event concerns. Endpoints of other partners do not get it. */
  partnerBusinessId: string | null;
  data: Record<string, unknown>;
}

/** One event for one endpoint, which is named as in the endpoints file. */
export interface WebhookDelivery {
  endpoint: string;
  event: WebhookEvent;
}

/**
 * The same event of the same number or pool always gets the same ID. It holds no full stop, because Standard Webhooks
 * joins the parts of what it signs with full stops.
 */
export const webhookEventId = (subject: string, what: string, at: string | number) =>
  `${subject}:${what.replace(/[^\w-]+/g, '_').toLowerCase()}:${String(new Date(at).getTime())}`;

/** The part of a number's record that its events carry. */
export function numberFacts(record: NumberRecord) {
  const { phoneNumber, portfolioId, preverifiedId, state, verificationExpiresAt, nextDeadline } = record;
  const { claim, problem } = record;
  return {
    phoneNumber,
    portfolioId,
    preverifiedId,
    state,
    verificationExpiresAt,
    nextDeadline,
    claim: claim && {
      wabaId: claim.wabaId,
      phoneNumberId: claim.phoneNumberId,
      customerId: claim.customerId,
      claimedAt: claim.claimedAt,
    },
    problem,
  };
}

export const stateEventTypes: Record<NumberState, WebhookEventType> = {
  Added: 'number.added',
  CodeRequested: 'number.code_requested',
  Verified: 'number.verified',
  Unverified: 'number.unverified',
  Claimed: 'number.claimed',
  Registered: 'number.registered',
  Removed: 'number.removed',
  Rejected: 'number.rejected',
};
