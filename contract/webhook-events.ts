import type { Instant, NumberRecord, NumberState } from './number-record';

/** What endpoints can ask for; a group is named by `number.*`. */
export const webhookEventTypes = [
  'number.added',
  'number.code_requested',
  'number.verified',
  'number.unverified',
  'number.claimed',
  'number.registered',
  'number.removed',
  'number.rejected',
  'partner.number_claimed',
  'partner.number_removed',
  'warning.expires_soon',
  'warning.register_soon',
  'warning.stock_low',
  'warning.problem',
] as const;
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** Something that endpoints are told of, once: its ID is the webhook's. */
export interface WebhookEvent {
  id: string;
  type: WebhookEventType;
  at: Instant;
  /** The partner whom it concerns: endpoints of other partners are not told. */
  partnerBusinessId: string | null;
  data: Record<string, unknown>;
}

/** One endpoint, by its name in the file of endpoints, and what it is to be told. */
export interface WebhookDelivery {
  endpoint: string;
  event: WebhookEvent;
}

/** The same for the same event of the same number or pool; without a full stop, which separates what is signed. */
export const webhookEventId = (subject: string, what: string, at: string | number) =>
  `${subject}:${what.replace(/[^\w-]+/g, '_').toLowerCase()}:${String(new Date(at).getTime())}`;

/** What a number tells of itself: public facts of its record. */
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
