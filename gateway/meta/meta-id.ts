import * as v from 'valibot';

/**
 * An ID as Meta writes it, in digits, or as a JSON number that a page or a webhook made of it.
 *
 * @param schema of `contract/ids.ts`
 * @returns `null` for all else: a missing or empty ID, and `0`, which the dashboard's Test button sends
 */
export function readMetaId<Id extends string>(
  schema: v.GenericSchema<string, Id>,
  value: unknown,
): Id | null {
  const text = typeof value === 'number' ? String(value) : value;
  const read = v.safeParse(schema, typeof text === 'string' ? text.trim() : text);
  return read.success && /[1-9]/.test(read.output) ? read.output : null;
}
