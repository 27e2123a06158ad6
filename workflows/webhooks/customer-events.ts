import type { CustomerRecord } from '../../contract/customer-record';
import { webhookEventId, type WebhookEvent, type WebhookEventType } from '../../contract/webhook-events';
import { instant } from '../../contract/times';
import { contextOf, problemOf } from '../customer/customer-record';
import type { CustomerContext } from '../customer/context';
import { isTroubled } from '../customer/names';
import type { LifeStep } from '../life/kind';

/** The events that a step of a customer's chart causes. */
export function customerWebhookEvents({
  before,
  after,
  event,
  change,
  record,
}: LifeStep<CustomerRecord>): WebhookEvent[] {
  const at = instant(event.at);
  const [was, is] = [contextOf(before), contextOf(after)];
  const of = (type: WebhookEventType, what: string, since: string = at): WebhookEvent => ({
    id: webhookEventId(record.wabaId, what, since),
    type,
    at,
    partnerBusinessId: null,
    data: customerFacts(record),
  });
  return [
    ...(change?.to === 'Connected' ? [of('customer.connected', 'connected')] : []),
    ...(change?.to === 'Left' ? [of('customer.left', 'left')] : []),
    ...problemEvents(was, is, of),
    ...nameEvents(was, is, record, at),
  ];
}

/** The part of a customer's record that its events carry. */
function customerFacts(record: CustomerRecord) {
  const { wabaId, businessId, customerId, portfolioId, state, steps, numbers, connectedAt, leftAt, problem } =
    record;
  return { wabaId, businessId, customerId, portfolioId, state, steps, numbers, connectedAt, leftAt, problem };
}

function problemEvents(
  was: CustomerContext,
  is: CustomerContext,
  of: (type: WebhookEventType, what: string, since?: string) => WebhookEvent,
): WebhookEvent[] {
  const { token } = is.problems;
  const problem = problemOf(is);
  const known = problemOf(was);
  const isNew = problem?.code !== known?.code || problem?.since !== known?.since;
  return [
    ...(token && token.code !== was.problems.token?.code
      ? [of('warning.token_invalid', 'token_invalid', instant(token.since))]
      : []),
    ...(problem?.needsPerson && isNew && problem !== token
      ? [of('customer.problem', `problem ${problem.code}`, instant(problem.since))]
      : []),
  ];
}

/** A name that Meta reviews or declined, and one of which that is no longer so. */
function nameEvents(
  was: CustomerContext,
  is: CustomerContext,
  record: CustomerRecord,
  at: string,
): WebhookEvent[] {
  const { wabaId, customerId, portfolioId } = record;
  const before = (digits: string) =>
    was.numbers.find(({ phoneNumber }) => phoneNumber === digits && was.numbers !== is.numbers)?.nameStatus ??
    null;
  return is.numbers
    .filter(({ phoneNumber, nameStatus }) => {
      if (was.numbers === is.numbers) return false;
      const known = before(phoneNumber);
      return known !== nameStatus && (isTroubled(nameStatus) || isTroubled(known));
    })
    .map(({ phoneNumber, phoneNumberId, status, nameStatus }) => ({
      id: webhookEventId(phoneNumber, `name_status ${nameStatus ?? ''}`, at),
      type: 'number.name_status' as const,
      at,
      partnerBusinessId: null,
      data: { phoneNumber, phoneNumberId, status, nameStatus, wabaId, customerId, portfolioId },
    }));
}
