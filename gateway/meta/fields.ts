import * as v from 'valibot';

/**
 * How Meta's JSON is read: its documented shape is a hint, so whatever has another one counts as absent and hides nothing
 * else.
 */

/** The fields of an object; of anything else none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** The items of a list; one value counts as a list of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/**
 * An ID, in digits or as a JSON number.
 *
 * @param schema of `contract/ids.ts`
 * @returns `null` for all else, such as an empty text, or the `0` of the dashboard's Test button
 */
export function readMetaId<Id extends string>(
  schema: v.GenericSchema<string, Id>,
  value: unknown,
): Id | null {
  const text = typeof value === 'number' ? String(value) : value;
  const read = v.safeParse(schema, typeof text === 'string' ? text.trim() : text);
  return read.success && /[1-9]/.test(read.output) ? read.output : null;
}
