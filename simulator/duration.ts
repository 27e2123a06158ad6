import ms, { type StringValue } from 'ms';
import * as v from 'valibot';

/** A length of time in milliseconds: a number of them, or words such as `"90 days"`. */
export const Duration = v.pipe(
  v.union([v.number(), v.string()], 'must be milliseconds or a duration such as "90 days"'),
  v.transform((value) =>
    typeof value === 'number' ? value : (ms(value as StringValue) as number | undefined),
  ),
  v.number('must be milliseconds or a duration such as "90 days"'),
  v.finite(),
);
