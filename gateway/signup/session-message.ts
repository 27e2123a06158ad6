import * as v from 'valibot';
import { BusinessId, PhoneNumberId, WabaId } from '../../contract/ids';
import { parseJson } from '../body';
import { fieldsOf, listOf, readMetaId } from '../meta/fields';

/** What Embedded Signup posts to the page that opened it; all of `data` is optional, in any form (docs/rules.md, Embedded Signup). */
export interface SessionMessage {
  event: string;
  /** `waba_id`, then those of `waba_ids`. */
  wabaIds: WabaId[];
  phoneNumberId: PhoneNumberId | null;
  businessId: BusinessId | null;
  /** The screen on which the customer left. */
  step: string | null;
  errorCode: string | null;
  /** Meta's words about an error, which are for people. */
  errorMessage: string | null;
}

/** A customer shares one WABA, seldom several; each is searched. */
const mostWabas = 5;

const Message = v.pipe(
  v.object({
    type: v.literal('WA_EMBEDDED_SIGNUP', 'message.type must be WA_EMBEDDED_SIGNUP'),
    event: v.pipe(v.string(), v.regex(/^\w{1,100}$/, 'message.event must be one word')),
    data: v.optional(v.unknown()),
  }),
  v.transform(({ event, data }): SessionMessage => {
    const fields = fieldsOf(typeof data === 'string' ? jsonOf(data) : data);
    const wabaIds = [fields['waba_id'], ...listOf(fields['waba_ids'])].flatMap(
      (id) => readMetaId(WabaId, id) ?? [],
    );
    return {
      event,
      wabaIds: [...new Set(wabaIds)].slice(0, mostWabas),
      phoneNumberId: readMetaId(PhoneNumberId, fields['phone_number_id']),
      businessId: readMetaId(BusinessId, fields['business_id']),
      step: word(fields['current_step']),
      errorCode: word(fields['error_code']) ?? word(fields['error_id']),
      errorMessage: sentence(fields['error_message']),
    };
  }),
);

const Text = v.pipe(
  v.string(),
  v.transform(jsonOf),
  v.check((message) => message !== undefined, 'message must be JSON'),
  Message,
);

/** Reads a message as the popup posted it, a JSON text or an object. */
export const SessionMessage = v.lazy((message) => (typeof message === 'string' ? Text : Message));

/** With what stands before it, `by` of a message to a number must not be longer than 200 characters. */
const longest = 180;

/** `CANCEL at PERMISSIONS`, `ERROR 524197: The session is too old`: kept in the number's history, for auditors. */
export function describe({ event, step, errorCode, errorMessage }: SessionMessage): string {
  const parts = [event, step !== null && `at ${step}`, errorCode];
  const what = parts.filter((part) => typeof part === 'string').join(' ');
  const text = errorMessage === null ? what : `${what}: ${errorMessage}`;
  return text.length <= longest ? text : `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** One of Meta's own constants, which are no sentences. */
function word(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\w{1,60}$/.test(text) ? text : null;
}

/** Without line breaks, other control characters and those that reverse the text after them: it stands in a line of ours. */
function sentence(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replace(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]+/gu, ' ').trim();
  return text === '' ? null : text;
}
