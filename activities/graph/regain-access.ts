import * as v from 'valibot';

const Usage = v.record(
  v.string(),
  v.array(v.looseObject({ estimated_time_to_regain_access: v.optional(v.number(), 0) })),
);

/**
 * Reads `X-Business-Use-Case-Usage`: a JSON object of arrays, one for each business.
 *
 * @returns milliseconds until the last of the limits opens (Meta states minutes), `null` where none is stated
 */
export function regainAccessAfter(header: string | null): number | null {
  if (header === null) return null;
  try {
    const limits = Object.values(v.parse(Usage, JSON.parse(header))).flat();
    const minutes = Math.max(0, ...limits.map((limit) => limit.estimated_time_to_regain_access));
    return minutes > 0 ? minutes * 60_000 : null;
  } catch {
    // A hint that cannot be read is no reason to lose the error that it came with.
    return null;
  }
}
