import ms from 'ms';
import * as v from 'valibot';
import { readCode } from './code';
import { BusinessId, PhoneNumberId, WabaId } from './ids';
import { readSpan } from './times';

/**
 * The public messages of a number: each exists as a signal and as an update of the same name.
 * Payloads are one JSON object; unknown fields are refused; `by` names the human or service behind the message.
 */

export const text = (max: number, what: string) =>
  v.pipe(
    v.string(`${what} must be a string`),
    v.trim(),
    v.nonEmpty(`${what} must not be empty`),
    v.maxLength(max, `${what} must be at most ${String(max)} characters`),
    v.check(
      (value) => !/[\0\p{Cs}]/u.test(value),
      `${what} must not hold a NUL character or half of a surrogate pair`,
    ),
  );

export const by = v.optional(text(200, 'by'));
/** Why, for whoever reads the history. */
export const reason = v.optional(text(500, 'reason'));
export const customerId = text(200, 'customerId');
/** Of the record's `reservation`: the message counts only while that very reservation stands. */
const reservationId = v.optional(text(50, 'reservationId'));

/** A length of time such as `"90 days"`, `"30 minutes"` or `"500ms"`; given back in milliseconds. */
export const Duration = v.pipe(
  v.string('a duration must be a string such as "90 days"'),
  v.maxLength(50, 'a duration must be at most 50 characters'),
  v.transform(readSpan),
  v.number('a duration must be a string such as "90 days" or "30 minutes"'),
  v.minValue(1, 'a duration must be longer than nothing'),
  v.maxValue(ms('10y'), 'a duration must be at most ten years'),
  v.transform(Math.round),
);

export const CodeMethod = v.picklist(['SMS', 'VOICE'], 'method must be "SMS" or "VOICE"');
export type CodeMethod = v.InferOutput<typeof CodeMethod>;

/** `en_US` style, as Meta takes it. */
export const Language = v.pipe(
  v.string('language must be a string'),
  v.regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'language must look like "en_US"'),
);

/** The longest text of a message that a number is handed; the gateway shortens longer ones. */
export const longestText = 2000;

/** Six digits, found in `123456`, `123-456` or the whole text of the message; the digits alone come out. */
const Code = v.pipe(
  v.string('code must be a string: the six digits or the text that holds them'),
  v.maxLength(1000, 'code must be at most 1000 characters'),
  v.transform(readCode),
  v.string('no six-digit code was found in it'),
);

const Pin = v.pipe(v.string('pin must be a string'), v.regex(/^\d{6}$/, 'pin must be six digits'));

export const messages = {
  requestCode: v.strictObject({ method: v.optional(CodeMethod), language: v.optional(Language), by }),
  submitCode: v.strictObject({ code: Code, by }),
  reserve: v.strictObject({ customerId, ttl: v.optional(Duration, '30 minutes'), by }),
  release: v.strictObject({ customerId: v.optional(customerId), reservationId, reason, by }),
  claim: v.strictObject({
    wabaId: WabaId,
    phoneNumberId: v.optional(PhoneNumberId),
    businessId: v.optional(BusinessId),
    customerId: v.optional(customerId),
    reservationId,
    source: text(100, 'source'),
    by,
  }),
  claimFor: v.strictObject({
    wabaId: WabaId,
    verifiedName: text(200, 'verifiedName'),
    customerId: v.optional(customerId),
    by,
  }),
  register: v.strictObject({
    pin: v.optional(Pin),
    dataLocalizationRegion: v.optional(
      v.pipe(
        v.string('dataLocalizationRegion must be a string'),
        v.regex(/^[A-Z]{2}$/, 'dataLocalizationRegion must be two capital letters such as "DE"'),
      ),
    ),
    by,
  }),
  share: v.strictObject({ partnerBusinessId: BusinessId, by }),
  unshare: v.strictObject({ partnerBusinessId: BusinessId, by }),
  remove: v.strictObject({ reason, by }),
  endClaim: v.strictObject({ wabaId: WabaId, reason, by }),
  receiveCode: v.strictObject({
    text: v.pipe(
      v.string('text must be a string: the message as it came'),
      v.maxLength(longestText, `text must be at most ${String(longestText)} characters`),
    ),
    /** Who sent it, where it holds no code: two parts of one sender are put together. */
    from: v.optional(text(50, 'from')),
    method: v.optional(CodeMethod),
    /** Why the words did not come, as the carrier says: nothing else will come. */
    undelivered: v.optional(text(200, 'undelivered')),
    by,
  }),
  takeCode: v.strictObject({ customerId: v.optional(customerId), reservationId, by }),
  refresh: v.strictObject({ reservationId, reason, by }),
} as const;

export type MessageName = keyof typeof messages;
export const messageNames = Object.keys(messages) as MessageName[];

/** What a sender writes. */
export type MessagePayload<Name extends MessageName> = v.InferInput<(typeof messages)[Name]>;
/** What arrives in the chart: durations in milliseconds, a code as its six digits. */
export type Message<Name extends MessageName> = v.InferOutput<(typeof messages)[Name]>;

/** One line for each message, shown by the Temporal UI beside its name. */
export const messageDescriptions: Record<MessageName, string> = {
  requestCode:
    'Ask Meta to send a one-time code to the number. {"method"?: "SMS" | "VOICE", "language"?: "en_US", "by"?: "you"}',
  submitCode:
    'Hand in the code that the number received. {"code": "123-456" or the whole message, "by"?: "you"}',
  reserve: 'Hold the number for one customer. {"customerId": "…", "ttl"?: "30 minutes", "by"?: "you"}',
  release: 'End the reservation. {"customerId"?: "…", "reason"?: "…", "by"?: "you"}',
  claim:
    'Report that a customer has taken the number. {"wabaId": "…", "phoneNumberId"?: "…", "businessId"?: "…", "customerId"?: "…", "source": "where you know it from", "by"?: "you"}',
  claimFor:
    'Claim the number for a customer through the API. {"wabaId": "…", "verifiedName": "Lucky Shrub", "customerId"?: "…", "by"?: "you"}',
  register:
    'Register the claimed number for Cloud API. {"pin"?: "six digits", "dataLocalizationRegion"?: "DE", "by"?: "you"}',
  share: 'Let a partner offer the number. {"partnerBusinessId": "…", "by"?: "you"}',
  unshare: 'Stop sharing the number with a partner. {"partnerBusinessId": "…", "by"?: "you"}',
  remove: 'Take the number out of the pool. {"reason"?: "…", "by"?: "you"}',
  endClaim:
    'The customer who has claimed the number has left before it was registered: it is theirs, and its life here ends. {"wabaId": "…", "reason"?: "…", "by"?: "you"}',
  receiveCode:
    'What the number received, for whoever needs it: the number itself, or a customer who takes it. {"text": "the message", "from"?: "its sender", "method"?: "SMS" | "VOICE", "undelivered"?: "why its words did not come", "by"?: "you"}',
  takeCode:
    'Show a code that came though nobody here asked for it, once. Send it as an update, which answers. {"customerId"?: "…", "by"?: "you"}',
  refresh: 'Read the status again at Meta and go by it. {"reason"?: "…", "by"?: "you"}',
};

/** Nothing is an empty object. An empty list is not, though valibot takes it for one: `remove []` removed the number. */
export const objectOf = (payload: unknown): unknown => (Array.isArray(payload) ? 'a list' : (payload ?? {}));

/** The first fault of a payload in plain words, or the payload as the chart takes it. */
export function readMessage<Name extends MessageName>(
  name: Name,
  payload: unknown,
): { ok: true; message: Message<Name> } | { ok: false; fault: string } {
  const result = v.safeParse<(typeof messages)[MessageName]>(messages[name], objectOf(payload));
  if (result.success) return { ok: true, message: result.output };
  return { ok: false, fault: describeIssue(result.issues[0]) };
}

/** Says what is wrong without repeating the value: it may be a secret, and it may be a megabyte. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  if (issue.type === 'strict_object') {
    if (path === null) return 'the payload must be one JSON object';
    return issue.expected === 'never'
      ? `"${path.slice(0, 50)}" is not a field of it`
      : `"${path}" is missing`;
  }
  return path === null || issue.message.startsWith(path) ? issue.message : `${path}: ${issue.message}`;
}
