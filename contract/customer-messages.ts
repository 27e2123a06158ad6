import * as v from 'valibot';
import { BusinessId } from './ids';
import { by, customerId, describeIssue, objectOf, reason, text } from './messages';

/** What Meta's webhook `account_update` calls the ways in which a customer leaves. */
export const departureEvents = [
  'PARTNER_REMOVED',
  'PARTNER_APP_UNINSTALLED',
  'ACCOUNT_OFFBOARDED',
  'ACCOUNT_DELETED',
] as const;
export type DepartureEvent = (typeof departureEvents)[number];

/** Digits, as the pool has them. */
const Digits = v.pipe(
  v.string('phoneNumber must be a string of digits'),
  v.regex(/^\d{5,20}$/, 'phoneNumber must be 5 to 20 digits'),
);

/** The public messages of a customer; they exist as those of a number do, in `messages.ts`. */
export const customerMessages = {
  connect: v.strictObject({
    customerId: v.optional(customerId),
    businessId: v.optional(BusinessId),
    /** In which Meta bills the WABA; it cannot change afterwards. Else META_CREDIT_CURRENCY. */
    currency: v.optional(
      v.pipe(
        v.string('currency must be a string'),
        v.regex(/^[A-Z]{3}$/, 'currency must be three capital letters such as "EUR"'),
      ),
    ),
    /** `false` for a customer who pays Meta themselves: ours is not shared with them. One that is shared stays until they leave. */
    creditLine: v.optional(v.boolean('creditLine must be true or false')),
    /** Why the code of their signup could not be exchanged, in words. */
    codeProblem: v.optional(text(500, 'codeProblem')),
    by,
  }),
  offboard: v.strictObject({ reason, by }),
  refresh: v.strictObject({
    /** Of this number alone. */
    phoneNumber: v.optional(Digits),
    by,
  }),
  reportDeparture: v.strictObject({
    event: v.picklist(departureEvents, `event must be one of ${departureEvents.join(', ')}`),
    businessId: v.optional(BusinessId),
    by,
  }),
  reportToken: v.strictObject({ code: text(50, 'code'), message: text(500, 'message'), by }),
} as const;

export type CustomerMessageName = keyof typeof customerMessages;
export const customerMessageNames = Object.keys(customerMessages) as CustomerMessageName[];

/** What a sender writes. */
export type CustomerMessagePayload<Name extends CustomerMessageName> = v.InferInput<
  (typeof customerMessages)[Name]
>;
/** What arrives in the chart. */
export type CustomerMessage<Name extends CustomerMessageName> = v.InferOutput<
  (typeof customerMessages)[Name]
>;

/** One line for each message, shown by the Temporal UI beside its name. */
export const customerMessageDescriptions: Record<CustomerMessageName, string> = {
  connect:
    'Connect the customer now, or try again now what failed. {"customerId"?: "…", "businessId"?: "…", "currency"?: "EUR", "creditLine"?: false, "by"?: "you"}',
  offboard:
    'End our work for the customer: the credit line is revoked, their token destroyed. {"reason"?: "…", "by"?: "you"}',
  refresh:
    'Read token, subscription and numbers again at Meta, and go by them. {"phoneNumber"?: "of this one alone", "by"?: "you"}',
  reportDeparture:
    'Meta said that the customer has left; Meta is asked before anything is done. {"event": "PARTNER_REMOVED", "businessId"?: "…", "by"?: "you"}',
  reportToken:
    'Meta refused the customer\'s own token. {"code": "190", "message": "Meta\'s words", "by"?: "you"}',
};

/** The first fault of a payload in plain words, or the payload as the chart takes it. */
export function readCustomerMessage<Name extends CustomerMessageName>(
  name: Name,
  payload: unknown,
): { ok: true; message: CustomerMessage<Name> } | { ok: false; fault: string } {
  const result = v.safeParse<(typeof customerMessages)[CustomerMessageName]>(
    customerMessages[name],
    objectOf(payload),
  );
  if (result.success) return { ok: true, message: result.output };
  return { ok: false, fault: describeIssue(result.issues[0]) };
}
