import * as v from 'valibot';
import { lenient, numeric } from './parsers';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** No limit that Meta documents is longer than 72 hours: a longer wait is a misread unit. */
const LONGEST = 7 * 24 * 60 * MINUTE;

/** How long to wait, as the headers of an answer say: milliseconds, `null` where they do not. */
export interface StatedWaits {
  /** Until the last of Meta's limits opens: `X-Business-Use-Case-Usage`. */
  regainAccess: number | null;
  /** `Retry-After`, by Meta or a server on the way. */
  retryAfter: number | null;
}

export const statedWaits = (headers: { get(name: string): string | null }): StatedWaits => ({
  regainAccess: regainAccess(headers.get('x-business-use-case-usage') ?? ''),
  retryAfter: retryAfter(headers.get('retry-after') ?? ''),
});

const Limit = v.object({ estimated_time_to_regain_access: numeric });
/** An array for each business; one part that cannot be read does not cost the others. */
const Usage = v.record(v.string(), lenient(v.array(lenient(Limit))));

/** Meta states minutes. A header that was sent twice arrives as two objects with a comma between them. */
function regainAccess(header: string): number | null {
  const usages = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(lenient(Usage))), `[${header}]`);
  if (!usages.success) return null;
  const limits = usages.output.flatMap((usage) => Object.values(usage ?? {})).flatMap((each) => each ?? []);
  const minutes = limits.map((limit) => limit?.estimated_time_to_regain_access ?? 0);
  return positive(Math.max(0, ...minutes) * MINUTE);
}

/** Seconds, or a date as HTTP writes it. */
function retryAfter(header: string): number | null {
  const seconds = v.safeParse(numeric, header);
  if (seconds.success) return positive(seconds.output * SECOND);
  return /GMT$/.test(header) ? positive(Date.parse(header) - Date.now()) : null;
}

const positive = (wait: number) => (wait > 0 ? Math.min(Math.ceil(wait), LONGEST) : null);
