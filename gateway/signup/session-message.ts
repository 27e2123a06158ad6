import * as v from 'valibot';
import { BusinessId, PhoneNumberId, WabaId } from '../../contract/ids';

/** Meta writes IDs as strings; a partner's page may have turned them into numbers. */
const id = <Schema extends v.GenericSchema<string, string>>(schema: Schema) =>
  v.optional(v.pipe(v.union([v.string(), v.pipe(v.number(), v.safeInteger())]), v.transform(String), schema));

/** What Embedded Signup posts to the page that opened it; unknown fields are left alone. */
const Message = v.object({
  type: v.literal('WA_EMBEDDED_SIGNUP', 'message.type must be WA_EMBEDDED_SIGNUP'),
  event: v.pipe(v.string(), v.regex(/^[A-Z_]{1,100}$/, 'message.event must be a word of capital letters')),
  data: v.optional(
    v.object({
      phone_number_id: id(PhoneNumberId),
      waba_id: id(WabaId),
      business_id: id(BusinessId),
      current_step: v.optional(v.unknown()),
      error_code: v.optional(v.unknown()),
    }),
    {},
  ),
});
export type SessionMessage = v.InferOutput<typeof Message>;

/** The message as the popup posted it, a JSON string, or as the page has read it. */
export const SessionMessage = v.lazy((message) => (typeof message === 'string' ? Json : Message));
const Json = v.pipe(v.string(), v.parseJson({}, 'message must be JSON'), Message);

/** `CANCEL at PERMISSIONS`, for auditors; only words that Meta may have written. */
export function describe({ event, data }: SessionMessage): string {
  const step = word(data.current_step) ?? word(data.error_code);
  return step === null ? event : `${event} at ${step}`;
}

const word = (value: unknown) => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\w{1,60}$/.test(text) ? text : null;
};
