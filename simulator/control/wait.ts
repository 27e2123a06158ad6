import ms from 'ms';
import * as v from 'valibot';
import { Duration } from '../duration';

/** How long a request may wait for what it asks about: `30s`, or milliseconds; not at all where it does not say. */
export const Wait = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => (/^\d+$/.test(text) ? Number(text) : text)),
    Duration,
    v.minValue(0),
    v.maxValue(ms('10 minutes')),
  ),
  '0',
);
