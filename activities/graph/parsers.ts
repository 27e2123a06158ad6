import * as v from 'valibot';
import { PhoneNumberId, PreverifiedId, WabaId } from '../../contract/ids';

/** Parsers of what Meta's answers hold: deployments differ in how they write words, times and numbers (docs/rules.md, Calls). */

/** `VERIFIED` alone means usable; `NOT_VERIFIED`, `UNVERIFIED`, `EXPIRED`, none and unknown words do not. */
export const isVerified = (status: string | null | undefined) => status?.toUpperCase() === 'VERIFIED';

export const digitsOf = (phoneNumber: string) => phoneNumber.replace(/\D/g, '');

/**
 * Reads `2023-04-14T22:12:31+0000` and Unix seconds as number or text. Epoch 0 is how Meta says never.
 *
 * @returns epoch milliseconds; `null` for never and for what cannot be read, where our own arithmetic counts (rule 5)
 */
export function readTime(value: unknown): number | null {
  if (typeof value === 'number') return value > 0 ? Math.round(value * 1000) : null;
  if (typeof value !== 'string') return null;
  if (/^\d+$/.test(value)) return readTime(Number(value));
  const time = Date.parse(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return time > 0 ? time : null;
}

/** `true`, `"true"`, `1` and `"1"`: Meta's booleans come in all these forms. */
export const isTrue = (value: unknown) =>
  value === true || value === 1 || (typeof value === 'string' && /^\s*(true|1)\s*$/i.test(value));

/** A number, also as text. */
export const numeric = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.trim(), v.nonEmpty(), v.transform(Number))]),
  v.finite(),
);

/** A field that the answer can do without: `null` where it is missing or of another type than Meta documents. */
export const lenient = <Output>(schema: v.GenericSchema<unknown, Output>) =>
  v.fallback(v.nullish(schema, null), null);

/** A text, such as an ID, that some answers hold as a number. */
export const asText = v.pipe(v.union([v.string(), v.pipe(v.number(), v.safeInteger())]), v.transform(String));

export const text = lenient(asText);
/** `null`: not said. */
export const flag = lenient(
  v.pipe(
    v.union([v.boolean(), v.string(), v.number()]),
    v.transform((value) => isTrue(value)),
  ),
);

export const preverifiedIdAnswer = v.pipe(asText, PreverifiedId);
export const phoneNumberIdAnswer = v.pipe(asText, PhoneNumberId);
export const wabaIdAnswer = v.pipe(asText, WabaId);

/** `{"success": true}`, or `true` alone as older versions of Graph have it; anything else is no confirmation. */
export const Success = v.union([v.object({ success: v.custom(isTrue) }), v.custom(isTrue)]);
